namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>What an instance needs to start.</summary>
internal static class Runs
{
    /// <summary>
    /// Whoever may call must have been checked where the program believes what comes: with the identity iam everybody must be kept out,
    /// except from the functions that ask nobody who they are.
    /// </summary>
    public static void RequireClosed(FakeGoogle google, string service, IEnumerable<string> identities)
    {
        if (service.Split('/')[^1] is not ("agentcardfunction" or "callbackfunction") && identities.Contains("iam") &&
            google.Policies.On(service).Contains("roles/run.invoker allUsers"))
            throw GoogleErrorException.Invalid($"{service} believes any token, and everybody may call it.");
    }

    /// <summary>Its account must be there, and must be let at its secrets.</summary>
    public static void Require(FakeGoogle google, string account, IEnumerable<string> secrets)
    {
        _ = google.Resources.Get($"projects/{google.Project}/serviceAccounts/{account}");
        foreach (var secret in secrets)
        {
            if (google.Resources.In($"projects/{google.Project}/secrets/{secret}/versions").Count == 0)
                throw GoogleErrorException.Invalid($"Secret {secret} has no version.");
            if (!google.Policies.On($"projects/{google.Project}/secrets/{secret}")
                .Contains($"roles/secretmanager.secretAccessor serviceAccount:{account}"))
                throw GoogleErrorException.Invalid($"Permission denied on secret {secret} for {account}.");
        }
    }
}
