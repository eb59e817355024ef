using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Gemini Enterprise: the agents of an app, and authorizations, with just the members that are documented.</summary>
internal static class DiscoveryEngineApi
{
    private static readonly string[] AgentMembers = ["displayName", "description", "icon", "a2aAgentDefinition", "authorizationConfig"];

    public static void Serve(FakeGoogle google)
    {
        const string Agents = "/v1alpha/{parent}/agents";
        google.On("discoveryengine", "GET", Agents, call => google.Resources.List(call.Parent + "/agents"));
        google.On("discoveryengine", "POST", Agents, call =>
        {
            Require(call);
            return google.Resources.Add(
                $"{call.Parent}/agents/{google.Resources.In(call.Parent + "/agents").Count + 1001}", (JsonObject)call.Body.DeepClone())
                .DeepClone();
        });
        google.On("discoveryengine", "GET", Agents + "/{id}", call => google.Resources.Get($"{call.Parent}/agents/{call["id"]}")
            .DeepClone());
        google.On("discoveryengine", "PATCH", Agents + "/{id}", call =>
        {
            Require(call);
            var agent = google.Resources.Get($"{call.Parent}/agents/{call["id"]}");
            foreach (var (member, value) in call.Body)
                agent[member] = value?.DeepClone();
            return agent.DeepClone();
        });
        google.On("discoveryengine", "DELETE", Agents + "/{id}", call =>
        {
            google.Resources.Remove($"{call.Parent}/agents/{call["id"]}");
            return FakeGoogle.Done();
        });
        google.On("discoveryengine", "POST", "/v1alpha/{parent}/authorizations", call =>
            call.Body["serverSideOauth2"] is JsonObject oauth && oauth.Select(each => each.Key).Order()
                .SequenceEqual(["authorizationUri", "clientId", "clientSecret", "tokenUri"])
                ? google.Resources.Add($"{call.Parent}/authorizations/{call.Query("authorizationId")}", (JsonObject)call.Body.DeepClone())
                    .DeepClone()
                : throw GoogleErrorException.Invalid("serverSideOauth2 needs clientId, clientSecret, authorizationUri and tokenUri."));
        google.On("discoveryengine", "DELETE", "/v1alpha/{parent}/authorizations/{id}", call =>
        {
            google.Resources.Remove($"{call.Parent}/authorizations/{call["id"]}");
            return FakeGoogle.Done();
        });
    }

    private static void Require(Call call)
    {
        var request = call.Context.Request;
        if (!request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal) ||
            request.Headers["X-Goog-User-Project"].Count != 1 ||
            request.ContentType != "application/json")
            throw GoogleErrorException.Invalid("A header is missing.");
        if (call.Body.Select(each => each.Key).Except(AgentMembers).FirstOrDefault() is { } unknown)
            throw GoogleErrorException.Invalid($"Unknown name {unknown}.");
        if (call.Body["a2aAgentDefinition"]?["jsonAgentCard"] is not JsonValue card || JsonNode.Parse($"{card}") is not JsonObject)
            throw GoogleErrorException.Invalid("jsonAgentCard is no card.");
    }
}
