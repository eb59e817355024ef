using System.Net;
using System.Text.Json;

namespace ServerlessA2A.Functions.Inspector.Cards;

/// <summary>Finds what published clients stumble over although the card may be valid (<c>docs/compatibility.md</c>).</summary>
internal sealed class CardClients(ReceivedCard received, JsonElement card)
{
    private static readonly string[] Bindings = ["JSONRPC", "HTTP+JSON", "GRPC"];

    private readonly List<CardFinding> _findings = [];

    /// <summary>Finds the problems of a card.</summary>
    public static IReadOnlyList<CardFinding> Check(ReceivedCard received, JsonElement card, bool has1_0, bool has0_3)
    {
        var clients = new CardClients(received, card);
        clients.CheckResponse();
        if (has1_0)
            clients.CheckInterfaces();
        if (has0_3)
            clients.CheckOldAddresses();
        if (has1_0 && has0_3)
            clients.Add(
                Severity.Note, "", "",
                "has the members of both versions, so that clients that do not name their version can read it. Validators that reject " +
                "unknown members need A2A-Version, or a card of one version (A2A:Http:CardVersion).");
        clients.CheckModes();
        clients.CheckCapabilities();
        return clients._findings;
    }

    private void CheckResponse()
    {
        if (!Header("content-type").StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            Add(Severity.Warning, "", "", $"was sent as '{Header("content-type")}'; clients expect application/json.");
        if (Header("etag").Length == 0 || Header("cache-control").Length == 0)
            Add(Severity.Note, "", "", "has no ETag or no Cache-Control: clients read it again each time (section 8.6).");
    }

    private void CheckInterfaces()
    {
        foreach (var (i, offered) in Items(card, "supportedInterfaces"))
        {
            var path = $"supportedInterfaces[{i}]";
            CheckAddress("1.0", $"{path}.url", Text(offered, "url"));
            if (Text(offered, "protocolBinding") is { Length: > 0 } binding && !Bindings.Contains(binding))
                Add(Severity.Warning, "1.0", $"{path}.protocolBinding", "is none of JSONRPC, HTTP+JSON and GRPC; SDKs skip the interface.");
            if (Text(offered, "protocolVersion") is { Length: > 0 } version && version is not ("1.0" or "0.3"))
                Add(Severity.Warning, "1.0", $"{path}.protocolVersion", $"is '{version}'; clients compare it with 1.0 or 0.3.");
        }
    }

    private void CheckOldAddresses()
    {
        CheckAddress("0.3", "url", Text(card, "url"));
        var preferred = Text(card, "preferredTransport");
        if (preferred is not (null or "JSONRPC") &&
            !Items(card, "additionalInterfaces").Any(other => Text(other.Item, "transport") == "JSONRPC"))
            Add(Severity.Warning, "0.3", "preferredTransport", "is not JSONRPC, nor is another interface: most 0.3 clients need it.");
        else if (preferred is not (null or "JSONRPC"))
            Add(Severity.Note, "0.3", "preferredTransport", "is not JSONRPC: older clients send JSON-RPC to url all the same.");
    }

    private void CheckAddress(string version, string path, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            Add(Severity.Error, version, path, "is not an absolute address.");
            return;
        }

        if (IsLoopback(url) && !IsLoopback(received.Address))
            Add(Severity.Error, version, path, $"leads to the client's own machine. Set A2A:Agent:PublicUrl to the agent's address.");
        else if (url.Scheme == Uri.UriSchemeHttp && !IsLoopback(url))
            Add(Severity.Warning, version, path, "is not https: requests and credentials can be read on the way (section 7.1).");
        else if (!url.Authority.Equals(received.Address.Authority, StringComparison.OrdinalIgnoreCase))
            Add(Severity.Note, version, path, $"is at another host than the card ({received.Address.Authority}).");
        if (url.AbsolutePath.Length > 1 && url.AbsolutePath.EndsWith('/'))
            Add(Severity.Note, version, path, "ends in a slash: clients append /message:send, so the server must accept // in paths.");
    }

    private void CheckModes()
    {
        foreach (var name in (string[])["defaultInputModes", "defaultOutputModes"])
        {
            if (!card.TryGetProperty(name, out var modes) || modes.ValueKind != JsonValueKind.Array)
                continue;
            var texts = modes.EnumerateArray()
                .Where(mode => mode.ValueKind == JsonValueKind.String).Select(mode => mode.GetString()!).ToList();
            foreach (var mode in texts.Where(mode => !mode.Contains('/')))
                Add(Severity.Warning, "", name, $"has '{mode}', which is not a media type; write text/plain.");
            if (texts.Count == 0)
                Add(Severity.Warning, "", name, "is empty: clients cannot know what to send or to expect.");
        }
    }

    private void CheckCapabilities()
    {
        if (!card.TryGetProperty("capabilities", out var capabilities) || capabilities.ValueKind != JsonValueKind.Object)
            return;
        if (!capabilities.TryGetProperty("streaming", out var streaming) || streaming.ValueKind != JsonValueKind.True)
            Add(Severity.Note, "", "capabilities.streaming", "is not true: clients poll, and SDKs fall back to a blocking send.");
        if (Items(card, "skills").Count == 0)
            Add(Severity.Note, "", "skills", "is empty: clients that choose an agent by its skills never choose this one.");
    }

    private string Header(string name) => received.Headers.GetValueOrDefault(name, "");

    private void Add(Severity severity, string version, string path, string text) => _findings.Add(new(severity, version, path, text));

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<(int Index, JsonElement Item)> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Index().Where(item => item.Item.ValueKind == JsonValueKind.Object)]
            : [];

    private static bool IsLoopback(Uri address) =>
        address.IsLoopback || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
