using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Alert policies.</summary>
internal static class MonitoringApi
{
    public static void Serve(FakeGoogle google)
    {
        google.On("monitoring", "GET", "/v3/{parent}/alertPolicies", call => google.Resources.List(call.Parent + "/alertPolicies"));
        google.On("monitoring", "POST", "/v3/{parent}/alertPolicies", call =>
            google.Resources.Add(
                $"{call.Parent}/alertPolicies/{google.Resources.In(call.Parent + "/alertPolicies").Count + 1}", Require(call)).DeepClone());
        google.On("monitoring", "PATCH", "/v3/{parent}/alertPolicies/{id}", call =>
        {
            google.Resources.Remove($"{call.Parent}/alertPolicies/{call["id"]}");
            return google.Resources.Add($"{call.Parent}/alertPolicies/{call["id"]}", Require(call)).DeepClone();
        });
        google.On("monitoring", "DELETE", "/v3/{parent}/alertPolicies/{id}", call =>
        {
            google.Resources.Remove($"{call.Parent}/alertPolicies/{call["id"]}");
            return new JsonObject();
        });
    }

    /// <summary>What the API requires of a policy: one condition of one kind, with a filter on one metric and aggregations.</summary>
    private static JsonObject Require(Call call)
    {
        var policy = (JsonObject)call.Body.DeepClone();
        var condition = policy["conditions"]!.AsArray().Single()!;
        var kind = condition["conditionThreshold"] ?? condition["conditionAbsent"]
            ?? throw GoogleErrorException.Invalid("A condition is missing.");
        if (!$"{kind["filter"]}".Contains("metric.type=", StringComparison.Ordinal) || kind["aggregations"]!.AsArray().Count == 0 ||
            $"{policy["combiner"]}" != "OR")
            throw GoogleErrorException.Invalid("The policy is incomplete.");
        return policy;
    }
}
