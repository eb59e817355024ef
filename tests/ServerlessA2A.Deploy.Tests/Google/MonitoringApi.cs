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
        google.On("monitoring", "GET", "/v1/{parent}/dashboards", call => google.Resources.List(call.Parent + "/dashboards"));
        google.On("monitoring", "POST", "/v1/{parent}/dashboards", call =>
        {
            if (string.IsNullOrEmpty($"{call.Body["displayName"]}") || call.Body["gridLayout"]!["widgets"]!.AsArray().Count == 0)
                throw GoogleErrorException.Invalid("The dashboard is incomplete.");
            return google.Resources.Add(
                $"{call.Parent}/dashboards/{google.Resources.In(call.Parent + "/dashboards").Count + 1}",
                (JsonObject)call.Body.DeepClone()).DeepClone();
        });
        google.On("monitoring", "DELETE", "/v1/{parent}/dashboards/{id}", call =>
        {
            google.Resources.Remove($"{call.Parent}/dashboards/{call["id"]}");
            return new JsonObject();
        });
    }

    /// <summary>What the API requires of a policy: one condition of one kind, with a filter on one metric and aggregations.</summary>
    private static JsonObject Require(Call call)
    {
        var policy = (JsonObject)call.Body.DeepClone();
        var condition = policy["conditions"]!.AsArray().Single()!;
        if (condition["conditionPrometheusQueryLanguage"] is { } promql)
        {
            if (string.IsNullOrEmpty($"{promql["query"]}"))
                throw GoogleErrorException.Invalid("The query is missing.");
            return policy;
        }

        var kind = condition["conditionThreshold"] ?? condition["conditionAbsent"]
            ?? throw GoogleErrorException.Invalid("A condition is missing.");
        if (!$"{kind["filter"]}".Contains("metric.type=", StringComparison.Ordinal) || kind["aggregations"]!.AsArray().Count == 0 ||
            $"{policy["combiner"]}" != "OR")
            throw GoogleErrorException.Invalid("The policy is incomplete.");
        return policy;
    }
}
