using System.ComponentModel;
using System.Diagnostics;

namespace ServerlessA2A.Functions.Local;

/// <summary>The user's browser.</summary>
internal static class Browser
{
    /// <summary>Opens an address. A machine without a browser gets a line instead.</summary>
    public static void Open(string address, TextWriter output)
    {
        try
        {
            // Windows knows how to open an address, the others have a program for it.
            using var process = OperatingSystem.IsWindows()
                ? Process.Start(new ProcessStartInfo(address) { UseShellExecute = true })
                : Process.Start(
                    new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [address])
                    {
                        RedirectStandardOutput = true,
                        RedirectStandardError = true,
                    });
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            output.WriteLine($"--open: no browser was found ({fault.Message}). Open {address} yourself.");
        }
    }
}
