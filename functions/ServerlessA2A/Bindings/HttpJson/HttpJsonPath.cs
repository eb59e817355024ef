using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>Reads paths: <c>[/{tenant}][/v1]/{resource}</c>, or <c>/v1/{tenant}/{resource}</c>.</summary>
internal static class HttpJsonPath
{
    private const int MostSegments = 6;

    /// <summary>Parses a path; null for an unknown one.</summary>
    /// <param name="path">The path as the server passes it: decoded, except for <c>%2F</c>.</param>
    public static HttpJsonRoute? Read(string path)
    {
        var text = path.AsSpan().Trim('/');
        Span<Range> pieces = stackalloc Range[MostSegments + 1];
        var count = text.Split(pieces, '/');
        if (count > MostSegments)
            return null;

        var all = new Segments(text, pieces[..count]);
        if (all.StartsWith("v1"))
        {
            return Match(all.Skip(1), ProtocolVersion.V0_3, "")
                ?? (count > 2 ? Match(all.Skip(2), ProtocolVersion.V0_3, all.Text(1)) : null);
        }

        // A path that is complete without a tenant has none, even if a tenant could be named "tasks".
        if (Match(all, ProtocolVersion.V1_0, "") is { } route)
            return route;
        if (count < 2 || all[0].IsEmpty)
            return null;
        var rest = all.Skip(1);
        return rest.StartsWith("v1")
            ? Match(rest.Skip(1), ProtocolVersion.V0_3, all.Text(0))
            : Match(rest, ProtocolVersion.V1_0, all.Text(0));
    }

    /// <summary>
    /// Whether the path begins with a tenant although agents have names. Such a path is rejected: it is rather that of an agent which is
    /// misspelled or removed, and the default agent must not run what was meant for another one.
    /// </summary>
    public static bool BeginsWithTenant(PathString path, HostedAgents agents) =>
        agents.HaveNames && AgentPath.Read(path, agents, out _) is null && !path.StartsWithSegments("/v1", StringComparison.Ordinal) &&
        Read(path.Value ?? "") is { Tenant.Length: > 0 };

    private static HttpJsonRoute? Match(Segments path, ProtocolVersion version, string tenant)
    {
        if (path.Count == 1)
        {
            HttpJsonResource? resource = path[0] switch
            {
                "message:send" => HttpJsonResource.Send,
                "message:stream" => HttpJsonResource.Stream,
                "tasks" => HttpJsonResource.Tasks,
                "extendedAgentCard" when version == ProtocolVersion.V1_0 => HttpJsonResource.ExtendedCard,
                "card" when version == ProtocolVersion.V0_3 => HttpJsonResource.ExtendedCard,
                _ => null,
            };
            return resource is { } found ? new(found, version, tenant, null, null) : null;
        }

        if (!path.StartsWith("tasks") || path.Count > 4 || path[1].IsEmpty)
            return null;
        if (path.Count == 2)
            return MatchTask(path, version, tenant);
        if (path[2] is not "pushNotificationConfigs")
            return null;
        if (path.Count == 3)
            return new(HttpJsonResource.PushNotificationConfigs, version, tenant, path.Text(1), null);
        return path[3].IsEmpty ? null : new(HttpJsonResource.PushNotificationConfig, version, tenant, path.Text(1), path.Text(3));
    }

    private static HttpJsonRoute? MatchTask(Segments path, ProtocolVersion version, string tenant)
    {
        var (resource, verb) = path[1] switch
        {
            var id when id.EndsWith(":cancel") => (HttpJsonResource.Cancel, ":cancel"),
            var id when id.EndsWith(":subscribe") => (HttpJsonResource.Subscribe, ":subscribe"),
            _ => (HttpJsonResource.Task, ""),
        };
        var taskId = path.Text(1)[..^verb.Length];
        return taskId.Length == 0 ? null : new(resource, version, tenant, taskId, null);
    }

    /// <summary>The pieces of a path between slashes.</summary>
    private readonly ref struct Segments(ReadOnlySpan<char> text, ReadOnlySpan<Range> pieces)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private readonly ReadOnlySpan<Range> _pieces = pieces;

        public int Count => _pieces.Length;

        public ReadOnlySpan<char> this[int index] => _text[_pieces[index]];

        public bool StartsWith(string first) => Count > 0 && this[0].SequenceEqual(first);

        public Segments Skip(int count) => new(_text, _pieces[count..]);

        /// <summary>A name or an id. A slash in it is the one character that the server leaves encoded.</summary>
        public string Text(int index) => this[index].ToString().Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
