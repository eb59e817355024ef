using Google.Apis.Auth.OAuth2;

namespace ServerlessA2A.GoogleCloud.Credentials;

/// <summary>Looks up Application Default Credentials on this machine.</summary>
internal static class CredentialLookup
{
    private const string FileVariable = "GOOGLE_APPLICATION_CREDENTIALS";

    /// <summary>Returns the credentials that the environment, the Google Cloud SDK or Google Cloud itself provides.</summary>
    /// <exception cref="InvalidOperationException">There are no credentials.</exception>
    public static async Task<GoogleCredential> FindAsync()
    {
        // Google's own lookup caches its result, even a failure, for the life of the process. An operator may have changed the file since.
        if (File.Exists(FilePath))
            return await ReadAsync(FilePath);
        try
        {
            return await GoogleCredential.GetApplicationDefaultAsync();
        }
        // Cloud Run always has a metadata server, even if it did not respond in time when the instance started.
        catch (InvalidOperationException) when (!HasFileVariable && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("K_SERVICE")))
        {
            return GoogleCredential.FromComputeCredential(new ComputeCredential());
        }
    }

    private static bool HasFileVariable => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(FileVariable));

    /// <summary>The path of the credentials: the configured file, or the one that gcloud writes.</summary>
    private static string FilePath => HasFileVariable
        ? Environment.GetEnvironmentVariable(FileVariable)!
        : Path.Combine(
            OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
                : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "", ".config"),
            "gcloud",
            "application_default_credentials.json");

    private static async Task<GoogleCredential> ReadAsync(string file)
    {
        try
        {
#pragma warning disable CS0618 // The warning is about untrusted files. The operator chose this one, with any kind of credentials.
            return await GoogleCredential.FromFileAsync(file, CancellationToken.None);
#pragma warning restore CS0618
        }
        catch (Exception unreadable)
        {
            throw new InvalidOperationException($"The credentials in {file} cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
