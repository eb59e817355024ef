using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Topics, subscriptions, and the Scheduler that publishes.</summary>
internal static class PubSubApi
{
    public static void Serve(FakeGoogle google)
    {
        foreach (var kind in new[] { "topics", "subscriptions" })
        {
            google.On("pubsub", "GET", $"/v1/{{parent}}/{kind}", call => google.Resources.List($"{call.Parent}/{kind}"));
            google.On("pubsub", "GET", $"/v1/{{parent}}/{kind}/{{id}}", call => google.Resources.Get($"{call.Parent}/{kind}/{call["id"]}")
                .DeepClone());
            google.On("pubsub", "PUT", $"/v1/{{parent}}/{kind}/{{id}}", call =>
            {
                if ($"{call.Body["topic"]}" is { Length: > 0 } topic)
                    _ = google.Resources.Get(topic);
                return google.Resources.Add($"{call.Parent}/{kind}/{call["id"]}", (JsonObject)call.Body.DeepClone()).DeepClone();
            });
            google.On("pubsub", "DELETE", $"/v1/{{parent}}/{kind}/{{id}}", call =>
            {
                google.Resources.Remove($"{call.Parent}/{kind}/{call["id"]}");
                google.Policies.Forget($"{call.Parent}/{kind}/{call["id"]}");
                return new JsonObject();
            });
            google.Policies.Serve("pubsub", $"/v1/{{parent}}/{kind}/{{id}}");
        }

        google.On("pubsub", "PATCH", "/v1/{parent}/subscriptions/{id}", call =>
        {
            var subscription = google.Resources.Get($"{call.Parent}/subscriptions/{call["id"]}");
            foreach (var member in $"{call.Body["updateMask"]}".Split(','))
                subscription[member] = call.Body["subscription"]![member]?.DeepClone();
            return subscription.DeepClone();
        });

        google.On("cloudscheduler", "GET", "/v1/{parent}/locations", call => new JsonObject
        {
            ["locations"] = new JsonArray(
                [.. google.SchedulerRegions.Select(region =>
                new JsonObject { ["name"] = $"{call.Parent}/locations/{region}", ["locationId"] = region })]),
        });
        google.On("cloudscheduler", "GET", "/v1/{parent}/jobs", call => google.Resources.List(call.Parent + "/jobs"));
        google.On("cloudscheduler", "POST", "/v1/{parent}/jobs", call =>
            google.Resources.Add($"{call.Body["name"]}", (JsonObject)call.Body.DeepClone()).DeepClone());
        google.On("cloudscheduler", "DELETE", "/v1/{parent}/jobs/{id}", call =>
        {
            google.Resources.Remove($"{call.Parent}/jobs/{call["id"]}");
            return new JsonObject();
        });
    }
}
