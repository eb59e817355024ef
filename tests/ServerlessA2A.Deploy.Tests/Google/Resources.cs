using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>All that is there in the project, by its full name: <c>projects/p/topics/t</c>.</summary>
internal sealed class Resources
{
    private readonly SortedDictionary<string, JsonObject> _byName = new(StringComparer.Ordinal);

    /// <summary>All as they are now.</summary>
    public Resources Copy()
    {
        var copy = new Resources();
        foreach (var (name, resource) in _byName)
            copy._byName.Add(name, (JsonObject)resource.DeepClone());
        return copy;
    }

    /// <summary>The resources of one kind, such as <c>projects/p/topics</c>.</summary>
    public IReadOnlyList<JsonObject> In(string collection) =>
        [.. _byName.Where(
            each => each.Key.StartsWith(collection + "/", StringComparison.Ordinal) &&
                !each.Key.AsSpan(collection.Length + 1).Contains('/'))
            .Select(each => each.Value)];

    /// <summary>All whose names begin so.</summary>
    public IReadOnlyList<JsonObject> Below(string prefix) =>
        [.. _byName.Where(each => each.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(each => each.Value)];

    public JsonObject? Find(string name) => _byName.GetValueOrDefault(name);

    public JsonObject Get(string name) => Find(name) ?? throw GoogleErrorException.NotFound(name);

    public JsonObject Add(string name, JsonObject resource)
    {
        if (!_byName.TryAdd(name, resource))
            throw GoogleErrorException.Exists(name);
        resource["name"] = name;
        return resource;
    }

    /// <summary>Takes it away, with all below it.</summary>
    public void Remove(string name)
    {
        _ = Get(name);
        foreach (var below in _byName.Keys.Where(each => each == name || each.StartsWith(name + "/", StringComparison.Ordinal)).ToList())
            _byName.Remove(below);
    }

    /// <summary>The resources as an answer: <c>{"topics":[…]}</c>.</summary>
    public JsonObject List(string collection, string? member = null) => new()
    {
        [member ?? collection[(collection.LastIndexOf('/') + 1)..]] = new JsonArray([.. In(collection).Select(each => each.DeepClone())]),
    };
}
