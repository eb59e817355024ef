using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Cloud Run: its regions, and services in the form of Knative.</summary>
internal static class RunApi
{
    public static void Serve(FakeGoogle google)
    {
        var location = $"projects/{google.Project}/locations/{google.Region}";
        google.On("run", "GET", "/v1/{parent}/locations", call => new JsonObject
        {
            ["locations"] = new JsonArray(
                [.. new[] { google.Region, "us-central1" }.Select(region =>
                new JsonObject { ["name"] = $"{call.Parent}/locations/{region}", ["locationId"] = region })]),
        });
        google.Policies.Serve("run", "/v1/{parent}/services/{id}");
        google.On("run", "GET", "/apis/serving.knative.dev/v1/namespaces/{project}/services", _ => new JsonObject
        {
            ["apiVersion"] = "serving.knative.dev/v1",
            ["kind"] = "ServiceList",
            ["items"] = new JsonArray([.. google.Resources.In(location + "/services").Select(service => Knative(google, service))]),
        });
        google.On("run", "GET", "/apis/serving.knative.dev/v1/namespaces/{project}/services/{id}", call =>
            Knative(google, google.Resources.Get($"{location}/services/{call["id"]}")));
        google.On("run", "POST", "/apis/serving.knative.dev/v1/namespaces/{project}/services", call =>
            Put(google, $"{location}/services/{call.Body["metadata"]!["name"]}", call.Body));
        google.On("run", "PUT", "/apis/serving.knative.dev/v1/namespaces/{project}/services/{id}", call =>
            Put(google, $"{location}/services/{call["id"]}", call.Body));
        google.On("run", "DELETE", "/apis/serving.knative.dev/v1/namespaces/{project}/services/{id}", call =>
        {
            google.Resources.Remove($"{location}/services/{call["id"]}");
            google.Policies.Forget($"{location}/services/{call["id"]}");
            return new JsonObject();
        });
    }

    /// <summary>How the program of a service authenticates its callers.</summary>
    public static IEnumerable<string> Identities(JsonObject knative) =>
        from variable in knative["spec"]?["template"]?["spec"]?["containers"]?[0]?["env"] as JsonArray ?? []
        where $"{variable["name"]}".StartsWith("A2A__Security__Identity__", StringComparison.Ordinal)
        select $"{variable["value"]}";

    private static JsonObject Put(FakeGoogle google, string name, JsonObject body)
    {
        var container = body["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Runs.Require(
            google, $"{body["spec"]!["template"]!["spec"]!["serviceAccountName"]}",
            from variable in (
            JsonArray)container["env"]!
            let secret = variable["valueFrom"]?["secretKeyRef"]
            where secret is not null
            select $"{secret["name"]}");
        Runs.RequireClosed(google, name, Identities(body));
        var service = google.Resources.Find(name) ?? google.Resources.Add(name, []);
        service["knative"] = body.DeepClone();
        return Knative(google, service);
    }

    /// <summary>As gcloud reads it: ready, with an address.</summary>
    private static JsonObject Knative(FakeGoogle google, JsonObject service)
    {
        var id = $"{service["name"]}".Split('/')[^1];
        var knative = service["knative"]?.DeepClone() as JsonObject
            ?? new JsonObject { ["spec"] = new JsonObject(), ["metadata"] = new JsonObject() };
        var metadata = (JsonObject)knative["metadata"]!;
        (knative["apiVersion"], knative["kind"]) = ("serving.knative.dev/v1", "Service");
        (metadata["name"], metadata["namespace"], metadata["generation"], metadata["resourceVersion"]) = (id, google.Number, 1, "r1");
        var labels = metadata["labels"] as JsonObject ?? [];
        labels["cloud.googleapis.com/location"] = google.Region;
        metadata["labels"] = labels.DeepClone();
        knative["status"] = new JsonObject
        {
            ["observedGeneration"] = 1,
            ["url"] = $"https://{id}-abcdef-ez.a.run.app",
            ["latestReadyRevisionName"] = id + "-00001-abc",
            ["latestCreatedRevisionName"] = id + "-00001-abc",
            ["conditions"] = new JsonArray(
            [.. new[] { "Ready", "ConfigurationsReady", "RoutesReady" }.Select(type =>
            new JsonObject { ["type"] = type, ["status"] = "True" })]),
            ["traffic"] = new JsonArray(
            new JsonObject { ["revisionName"] = id + "-00001-abc", ["percent"] = 100, ["latestRevision"] = true }),
        };
        return knative;
    }
}
