using System.Diagnostics;

namespace ServerlessA2A.Functions.Local.Emulators;

/// <summary>The Google Cloud SDK on this machine, which includes the emulators.</summary>
internal static class GoogleCloudSdk
{
    private static readonly Lazy<string?> Root = new(() => Output("gcloud", "info", "--format=value(installation.sdk_root)")?.Trim());

    /// <summary>The one file that matches a pattern; or, as <paramref name="missing"/>, a line with what is not installed.</summary>
    public static string? Find(string folder, string pattern, out string? missing)
    {
        missing = null;
        if (OperatingSystem.IsWindows())
            missing = "The emulators need /bin/sh, which Windows lacks: start them in WSL, " +
                "and set FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST.";
        else if (Output("java", "-version") is null)
            missing = "Java 17 or later is not installed: https://adoptium.net (Debian: apt-get install openjdk-17-jre-headless).";
        else if (Root.Value is not { Length: > 0 } root)
            missing = "The Google Cloud SDK is not installed: https://cloud.google.com/sdk/docs/install.";
        else if (Directory.Exists(Path.Combine(root, folder)) && Directory.GetFiles(Path.Combine(root, folder), pattern) is [var file, ..])
            return file;
        else
            missing = $"{folder}/{pattern} is not in {root}: gcloud components install cloud-firestore-emulator pubsub-emulator "
                + "(Debian: apt-get install google-cloud-cli-firestore-emulator google-cloud-cli-pubsub-emulator).";
        return null;
    }

    private static string? Output(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
