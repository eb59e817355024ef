using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>The public cards, each written once.</summary>
/// <param name="cards">Makes the cards.</param>
/// <param name="hasAddress">Whether the configuration names the agent's address; else each card names the one it was asked for at.</param>
internal sealed class CardDocuments(AgentCards cards, bool hasAddress)
{
    /// <summary>How many are kept. The Host header is a stranger's to choose: above this all are forgotten.</summary>
    private const int Capacity = 64;

    private readonly ConcurrentDictionary<Key, CardDocument> _documents = new();

    /// <summary>The card in a form, for who asks.</summary>
    public CardDocument Get(CardForm form, HttpRequest request)
    {
        var (scheme, host) = hasAddress ? ("", "") : RequestAddress.Of(request);
        var key = new Key(form, scheme, host, hasAddress ? default : request.PathBase);
        return _documents.TryGetValue(key, out var document) ? document : Add(key);
    }

    private CardDocument Add(Key key)
    {
        var address = hasAddress ? RequestAddress.Nowhere : RequestAddress.ToUri(key.Scheme, key.Host, key.PathBase);
        var document = CardDocument.Write(cards.Public(address), key.Form);
        if (_documents.Count >= Capacity)
            _documents.Clear();
        _documents[key] = document;
        return document;
    }

    private readonly record struct Key(CardForm Form, string Scheme, string Host, PathString PathBase);
}
