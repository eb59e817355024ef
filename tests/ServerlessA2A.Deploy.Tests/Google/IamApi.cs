using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Service accounts.</summary>
internal static class IamApi
{
    public static void Serve(FakeGoogle google)
    {
        google.On("iam", "GET", "/v1/{parent}/serviceAccounts", call =>
            google.Resources.List(call.Parent + "/serviceAccounts", "accounts"));
        google.On("iam", "POST", "/v1/{parent}/serviceAccounts", call =>
        {
            var email = $"{call.Body["accountId"]}@{google.AccountDomain}";
            return google.Resources.Add(
                $"{call.Parent}/serviceAccounts/{email}",
                new JsonObject { ["email"] = email, ["displayName"] = call.Body["serviceAccount"]?["displayName"]?.DeepClone() })
                .DeepClone();
        });
        google.On("iam", "DELETE", "/v1/projects/{project}/serviceAccounts/{email}", call =>
        {
            google.Resources.Remove($"projects/{google.Project}/serviceAccounts/{call["email"]}");
            return new JsonObject();
        });
    }
}
