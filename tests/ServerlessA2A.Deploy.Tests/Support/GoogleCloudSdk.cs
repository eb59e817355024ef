namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>The real gcloud, where there is one.</summary>
internal static class GoogleCloudSdk
{
    private const string Missing = "gcloud is missing: deploy.sh is tested with the real one (https://cloud.google.com/sdk/docs/install).";

    /// <summary>Without it the test is skipped, and fails where REQUIRE_EMULATORS is 1.</summary>
    public static void Require() => RequireProgram("gcloud", Missing);

    /// <inheritdoc cref="Require"/>
    public static string RequireProgram(string name, string missing)
    {
        if (Find(name) is { } file)
            return file;
        if (Environment.GetEnvironmentVariable("REQUIRE_EMULATORS") == "1")
            throw new InvalidOperationException($"REQUIRE_EMULATORS is 1. {missing}");
        throw new SkipException(missing);
    }

    public static bool IsThere => Find("gcloud") is not null;

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
