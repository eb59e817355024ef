using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>The paths of the agent's public documents.</summary>
internal static class WellKnownPath
{
    private const string Card = "/.well-known/agent-card.json";
    private const string OlderCard = "/.well-known/agent.json";
    private const string KeySet = "/.well-known/jwks.json";

    public static bool Is(PathString path) => IsCard(path) || IsKeySet(path);

    public static bool IsCard(PathString path) => path.Value is Card or OlderCard;

    public static bool IsKeySet(PathString path) => path.Value is KeySet;

    /// <summary>The address of the keys beside a card, whose address may have the path of the card or none.</summary>
    public static string KeySetBeside(string cardUrl)
    {
        var url = new Uri(cardUrl).GetLeftPart(UriPartial.Path).TrimEnd('/');
        foreach (var path in (string[])[Card, OlderCard])
        {
            if (url.EndsWith(path, StringComparison.Ordinal))
                url = url[..^path.Length];
        }

        return url.TrimEnd('/') + KeySet;
    }
}
