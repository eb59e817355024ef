using System.Text;
using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>What makes an image and keeps it: Cloud Build, its bucket, Artifact Registry; and the logs.</summary>
internal static class BuildApis
{
    public static void Serve(FakeGoogle google)
    {
        google.On("artifactregistry", "GET", "/v1/{parent}/repositories", call => google.Resources.List(call.Parent + "/repositories"));
        google.On("artifactregistry", "GET", "/v1/{parent}/repositories/{id}", call =>
            google.Resources.Get($"{call.Parent}/repositories/{call["id"]}").DeepClone());
        google.On("artifactregistry", "POST", "/v1/{parent}/repositories", call =>
            FakeGoogle.Done(
                google.Resources.Add($"{call.Parent}/repositories/{call.Query("repositoryId")}", (JsonObject)call.Body.DeepClone()),
                call.Parent + "/"));
        google.On("artifactregistry", "GET", "/v1/{parent}/operations/{id}", _ => FakeGoogle.Done());
        google.On("artifactregistry", "DELETE", "/v1/{parent}/repositories/{id}", call =>
        {
            google.Resources.Remove($"{call.Parent}/repositories/{call["id"]}");
            return FakeGoogle.Done(below: call.Parent + "/");
        });
        google.On("artifactregistry", "GET", "/v1/{parent}/repositories/{id}/packages/{package}/tags", call =>
            google.Resources.List($"{call.Parent}/repositories/{call["id"]}/packages/{call["package"]}/tags"));

        google.On("storage", "GET", "/storage/v1/b/{bucket}", call =>
            new JsonObject { ["name"] = call["bucket"], ["projectNumber"] = google.Number });
        google.On("storage", "GET", "/storage/v1/b", call =>
            new JsonObject
            {
                ["items"] = new JsonArray(
            new JsonObject { ["id"] = $"{google.Project}_cloudbuild", ["name"] = $"{google.Project}_cloudbuild" })
            });
        google.On("storage", "POST", "/upload/storage/v1/b/{bucket}/o", call =>
        {
            google.BuildSource = Uploaded(call);
            return new JsonObject
            {
                ["bucket"] = call["bucket"],
                ["name"] = "source.tgz",
                ["size"] = $"{google.BuildSource.Length}",
                ["generation"] = "1"
            };
        });

        google.On("cloudbuild", "POST", "/v1/{parent}/builds", call =>
        {
            var build = (JsonObject)call.Body.DeepClone();
            if (build["substitutions"]?["_IMAGE"] is { } asked)
            {
                _ = google.Resources.Get(
                    $"{build["serviceAccount"]}".Replace("$PROJECT_ID", google.Project, StringComparison.Ordinal)
                    .Replace("$_ACCOUNT", $"{build["substitutions"]!["_ACCOUNT"]}", StringComparison.Ordinal));
                var image = $"{asked}".Split('/', ':');
                google.Resources.Add(
                    $"projects/{google.Project}/locations/{google.Region}/repositories/{image[^3]}/packages/{image[^2]}/tags/{image[^1]}",
                    []);
            }

            (build["id"], build["status"], build["projectId"]) = ("b1", "SUCCESS", google.Project);
            google.Resources.Add($"{call.Parent}/builds/b1", build);
            return new JsonObject
            {
                ["name"] = "operations/b1",
                ["metadata"] = new JsonObject
                {
                    ["@type"] = "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata",
                    ["build"] = build.DeepClone()
                }
            };
        });
        google.On("cloudbuild", "POST", "/v1/{parent}/triggers/{id}:run", call =>
        {
            google.TriggeredCommits.Add($"{call.Body["source"]?["commitSha"] ?? call.Body["commitSha"]}");
            return new JsonObject { ["name"] = "operations/b2" };
        });
        google.On("cloudbuild", "GET", "/v1/{parent}/builds/{id}", call => google.Resources.Get($"{call.Parent}/builds/{call["id"]}")
            .DeepClone());

        google.On("logging", "POST", "/v2/entries:list", call => new JsonObject
        {
            ["entries"] = new JsonArray(
                new JsonObject
                {
                    ["timestamp"] = "2026-11-26T00:00:00Z",
                    ["severity"] = "INFO",
                    ["textPayload"] = $"{call.Body["filter"]}"
                }),
        });
    }

    /// <summary>gcloud looks whether all of it came. It is the second of two parts, the first is what is said of it.</summary>
    private static byte[] Uploaded(Call call)
    {
        var boundary = Encoding.ASCII.GetBytes("--" + call.Context.Request.ContentType!.Split("boundary=")[1].Trim('"', '\''));
        var second = boundary.Length + call.Content.AsSpan(boundary.Length).IndexOf(boundary);
        var begin = second + call.Content.AsSpan(second).IndexOf("\n\n"u8) + 2;
        return call.Content[begin..(begin + call.Content.AsSpan(begin).LastIndexOf(boundary) - 1)];
    }
}
