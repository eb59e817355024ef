using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Who may do what with which resource.</summary>
internal sealed class Policies(FakeGoogle google)
{
    private readonly Dictionary<string, JsonObject> _byResource = [];

    /// <summary>All grants as they are now, by resource.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Copy() => _byResource.Keys.ToDictionary(resource => resource, On);

    /// <summary>The grants on a resource: <c>role member</c>, sorted.</summary>
    public IReadOnlyList<string> On(string resource) =>
    [
        .. from binding in _byResource.GetValueOrDefault(resource)?["bindings"] as JsonArray ?? []
           from member in binding!["members"] as JsonArray ?? []
           let grant = $"{binding["role"]} {member}"
           orderby grant
           select grant,
    ];

    /// <summary>Serves the policies of one kind of resource.</summary>
    public void Serve(string service, string template)
    {
        foreach (var method in new[] { "GET", "POST" })
            google.On(service, method, template + ":getIamPolicy", call => Policy(Resource(call)).DeepClone());
        google.On(service, "POST", template + ":setIamPolicy", call =>
        {
            var policy = (JsonObject)call.Body["policy"]!.DeepClone();
            foreach (var member in from binding in policy["bindings"] as JsonArray ?? []
                                   from member in binding!["members"] as JsonArray
                ?? []
                                   select $"{member}")
                RequireAccount(member);
            policy["etag"] = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
            var before = _byResource.GetValueOrDefault(Resource(call));
            _byResource[Resource(call)] = policy;
            if (google.Resources.Find(Resource(call))?["knative"] is JsonObject service)
                RequireClosed(Resource(call), service, before);
            return policy.DeepClone();
        });
    }

    /// <summary>A grant of somebody else.</summary>
    public void Grant(string resource, string role, string member) =>
        ((JsonArray)_byResource[resource]["bindings"]!).Add(new JsonObject { ["role"] = role, ["members"] = new JsonArray(member) });

    public void Forget(string resource) => _byResource.Remove(resource);

    private JsonObject Policy(string resource) =>
        _byResource.TryGetValue(resource, out var policy) ? policy : new JsonObject { ["etag"] = "ACAB", ["version"] = 1 };

    private static string Resource(Call call)
    {
        var path = call.Context.Request.Path.Value!;
        var version = path.IndexOf('/', 1) + 1;
        return path[version..path.LastIndexOf(':')];
    }

    private void RequireClosed(string resource, JsonObject service, JsonObject? before)
    {
        try
        {
            Runs.RequireClosed(google, resource, RunApi.Identities(service));
        }
        catch (GoogleErrorException)
        {
            _byResource[resource] = before ?? [];
            throw;
        }
    }

    /// <summary>A grant to an account of the project, or to a service agent, that is not there is rejected.</summary>
    private void RequireAccount(string member)
    {
        var account = member.Replace("serviceAccount:", "", StringComparison.Ordinal);
        if (account != member && account.EndsWith($"@{google.AccountDomain}", StringComparison.Ordinal) &&
            google.Resources.Find($"projects/{google.Project}/serviceAccounts/{account}") is null)
            throw GoogleErrorException.Invalid($"Service account {account} does not exist.");
        if (account.StartsWith($"service-{google.Number}@gcp-sa-", StringComparison.Ordinal) &&
            !google.Agents.Contains($"{google.Project}/{account.Split("@gcp-sa-")[1].Split('.')[0]}"))
            throw GoogleErrorException.Invalid($"Invalid argument: {account} was never made.");
    }
}
