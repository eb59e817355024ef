using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>AlloyDB's instances, and Cloud Run's jobs, which migrate their tables.</summary>
internal static class AlloyDbApi
{
    private const string Jobs = "/apis/run.googleapis.com/v1/namespaces/{project}/jobs";

    public static void Serve(FakeGoogle google)
    {
        var location = $"projects/{google.Project}/locations/{google.Region}";
        google.On("alloydb", "GET", "/v1/{parent}/clusters/{cluster}/instances/{id}", call =>
            google.Resources.Get($"{call.Parent}/clusters/{call["cluster"]}/instances/{call["id"]}").DeepClone());
        google.On("alloydb", "GET", "/v1/{parent}/clusters/{cluster}/users", call =>
            google.Resources.List($"{call.Parent}/clusters/{call["cluster"]}/users"));
        google.On("alloydb", "POST", "/v1/{parent}/clusters/{cluster}/users", call =>
            google.Resources.Add(
                $"{call.Parent}/clusters/{call["cluster"]}/users/{call.Query("userId")}", (JsonObject)call.Body.DeepClone())
                .DeepClone());
        google.On("run", "GET", Jobs, _ => new JsonObject
        {
            ["apiVersion"] = "run.googleapis.com/v1",
            ["kind"] = "JobList",
            ["items"] = new JsonArray([.. google.Resources.In(location + "/run-jobs").Select(Knative)]),
        });
        google.On("run", "GET", Jobs + "/{id}", call => Knative(google.Resources.Get($"{location}/run-jobs/{call["id"]}")));
        google.On("run", "POST", Jobs, call => Put(google, $"{location}/run-jobs/{call.Body["metadata"]!["name"]}", call.Body));
        google.On("run", "PUT", Jobs + "/{id}", call => Put(google, $"{location}/run-jobs/{call["id"]}", call.Body));
        google.On("run", "POST", Jobs + "/{id}:run", call =>
        {
            var job = google.Resources.Get($"{location}/run-jobs/{call["id"]}");
            RequireUser(google, job["knative"]!["spec"]!["template"]!["spec"]!["template"]!["spec"]!);
            google.Resources.Add(
                $"{location}/executions/{call["id"]}-{google.Resources.In(location + "/executions").Count}",
                new JsonObject { ["job"] = job["knative"]!.DeepClone() });
            return Execution(google, $"{call["id"]}-{google.Resources.In(location + "/executions").Count - 1}");
        });
        google.On("run", "GET", "/apis/run.googleapis.com/v1/namespaces/{project}/executions/{id}", call => Execution(google, call["id"]));
        google.On("run", "GET", "/apis/run.googleapis.com/v1/namespaces/{project}/executions", _ => new JsonObject
        {
            ["apiVersion"] = "run.googleapis.com/v1",
            ["kind"] = "ExecutionList",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray(
            [.. google.Resources.In(location + "/executions").Select(each => Execution(google, $"{each["name"]}".Split('/')[^1]))]),
        });
        google.On("run", "DELETE", Jobs + "/{id}", call =>
        {
            google.Resources.Remove($"{location}/run-jobs/{call["id"]}");
            return new JsonObject();
        });
    }

    /// <summary>With IAM login the account's own user must be there, and be let in.</summary>
    private static void RequireUser(FakeGoogle google, JsonNode pod)
    {
        var environment = pod["containers"]![0]!["env"]!.AsArray().ToDictionary(each => $"{each!["name"]}", each => $"{each!["value"]}");
        if (environment.GetValueOrDefault("A2A__PostgreSql__IamLogin") != "true")
            return;
        var (account, user) = ($"{pod["serviceAccountName"]}", environment["A2A__PostgreSql__User"]);
        if (account != user + ".gserviceaccount.com" || !google.Policies.On($"projects/{google.Project}")
            .Contains($"roles/alloydb.databaseUser serviceAccount:{account}"))
            throw GoogleErrorException.Invalid($"{account} may not log in as {user}.");
        foreach (var login in environment.Where(each => each.Key.StartsWith("A2A__PostgreSql__GrantTo__", StringComparison.Ordinal))
            .Select(each => each.Value).Append(user))
            _ = google.Resources.Get($"projects/{google.Project}/locations/{google.Region}/clusters/agents/users/{login}");
    }

    private static JsonObject Put(FakeGoogle google, string name, JsonObject body)
    {
        var pod = body["spec"]!["template"]!["spec"]!["template"]!["spec"]!;
        Runs.Require(
            google,
            $"{pod["serviceAccountName"]}",
            from variable in (
            JsonArray)pod["containers"]![0]!["env"]!
            let secret = variable["valueFrom"]?["secretKeyRef"]
            where secret is not null
            select $"{secret["name"]}");
        var job = google.Resources.Find(name) ?? google.Resources.Add(name, []);
        job["knative"] = body.DeepClone();
        return Knative(job);
    }

    private static JsonObject Knative(JsonObject job)
    {
        var knative = (JsonObject)job["knative"]!.DeepClone();
        var metadata = (JsonObject)knative["metadata"]!;
        (knative["apiVersion"], knative["kind"]) = ("run.googleapis.com/v1", "Job");
        (metadata["generation"], metadata["resourceVersion"]) = (1, "r1");
        knative["status"] = new JsonObject
        {
            ["observedGeneration"] = 1,
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
        };
        return knative;
    }

    private static JsonObject Execution(FakeGoogle google, string id) => new()
    {
        ["apiVersion"] = "run.googleapis.com/v1",
        ["kind"] = "Execution",
        ["metadata"] = new JsonObject
        {
            ["name"] = id,
            ["namespace"] = google.Number,
            ["generation"] = 1,
            ["labels"] = new JsonObject { ["run.googleapis.com/job"] = "a2a-migrate", ["cloud.googleapis.com/location"] = google.Region }
        },
        ["spec"] = new JsonObject { ["taskCount"] = 1 },
        ["status"] = new JsonObject
        {
            ["observedGeneration"] = 1,
            ["succeededCount"] = 1,
            ["conditions"] = new JsonArray(
            [.. new[] { "Completed", "ResourcesAvailable", "Started", "ContainerReady" }.Select(type =>
            new JsonObject { ["type"] = type, ["status"] = "True" })]),
        },
    };
}
