using System.Security.Cryptography;
using System.Text.Json;

namespace ServerlessA2A.GoogleCloud.Tests.Credentials;

/// <summary>A service account as its key file describes it.</summary>
internal static class TestAccount
{
    /// <param name="key">Its key.</param>
    /// <param name="tokens">Where it gets its tokens.</param>
    public static string Json(RSA key, string tokens) => JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "p",
        quota_project_id = "q",
        private_key_id = "k",
        private_key = key.ExportPkcs8PrivateKeyPem(),
        client_email = "agent@p.iam.gserviceaccount.com",
        token_uri = tokens,
    });
}
