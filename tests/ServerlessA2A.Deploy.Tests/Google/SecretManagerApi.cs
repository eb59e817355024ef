using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Secrets and their versions.</summary>
internal static class SecretManagerApi
{
    public static void Serve(FakeGoogle google)
    {
        google.On("secretmanager", "GET", "/v1/{parent}/secrets", call => google.Resources.List(call.Parent + "/secrets"));
        google.On("secretmanager", "POST", "/v1/{parent}/secrets", call =>
            google.Resources.Add($"{call.Parent}/secrets/{call.Query("secretId")}", (JsonObject)call.Body.DeepClone()).DeepClone());
        google.On("secretmanager", "DELETE", "/v1/{parent}/secrets/{secret}", call =>
        {
            google.Resources.Remove($"{call.Parent}/secrets/{call["secret"]}");
            return new JsonObject();
        });
        google.On("secretmanager", "GET", "/v1/{parent}/secrets/{secret}/versions", call =>
            google.Resources.List($"{call.Parent}/secrets/{call["secret"]}/versions"));
        google.On("secretmanager", "POST", "/v1/{parent}/secrets/{secret}:addVersion", call =>
        {
            var versions = $"{google.Resources.Get($"{call.Parent}/secrets/{call["secret"]}")["name"]}/versions";
            return google.Resources.Add(
                $"{versions}/{google.Resources.In(versions).Count + 1}",
                new JsonObject
                {
                    ["state"] = "ENABLED",
                    ["data"] = call.Body["payload"]!["data"]!.DeepClone(),
                    // gcloud sends one, and takes an answer without it for damaged data.
                    ["clientSpecifiedPayloadChecksum"] = true,
                }).DeepClone();
        });
        google.On("secretmanager", "GET", "/v1/{parent}/secrets/{secret}/versions/latest:access", call =>
        {
            var versions = google.Resources.In($"{call.Parent}/secrets/{call["secret"]}/versions");
            var latest = versions.Count > 0 ? versions[^1] : throw GoogleErrorException.NotFound(call["secret"]);
            return new JsonObject
            {
                ["name"] = latest["name"]!.DeepClone(),
                ["payload"] = new JsonObject { ["data"] = latest["data"]!.DeepClone() }
            };
        });
        google.Policies.Serve("secretmanager", "/v1/{parent}/secrets/{secret}");
    }
}
