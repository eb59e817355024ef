using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Functions.Inspector.Cards;

/// <summary>A card as the page has received it.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Version">The version that was asked for: 1.0, 0.3, or empty for none.</param>
/// <param name="Address">Where it was read.</param>
/// <param name="Keys">The key set beside it; null for none.</param>
/// <param name="Headers">The headers of the response, in lower case.</param>
internal sealed record ReceivedCard(
    string Text, string Version, Uri Address, string? Keys, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Reads the page's request.</summary>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    /// <exception cref="InvalidOperationException">A member has another type.</exception>
    public static ReceivedCard Read(JsonElement json) => new(
        json.GetProperty("card").GetString()!,
        json.GetProperty("version").GetString()!,
        Uri.TryCreate(json.GetProperty("address").GetString(), UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException("address must be absolute."),
        json.TryGetProperty("keys", out var keys) ? keys.GetString() : null,
        json.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!));

    /// <summary>The card's bytes.</summary>
    public byte[] Bytes => Encoding.UTF8.GetBytes(Text);
}
