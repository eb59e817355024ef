using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;

using ServerlessA2A.Security;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>The public cards, each written and signed once.</summary>
/// <param name="cards">Makes the cards.</param>
/// <param name="admission">Says on them how to get in.</param>
/// <param name="signer">Signs them.</param>
/// <param name="hasAddress">Whether the configuration names the agent's address; else each card names the one it was asked for at.</param>
internal sealed class CardDocuments(AgentCards cards, Admission admission, CardSigner signer, bool hasAddress)
{
    /// <summary>How many are kept. The Host header is a stranger's to choose: above this all are forgotten.</summary>
    private const int Capacity = 64;

    /// <summary>By form and address, as a string: a dictionary over a structure of our own is compiled anew at each cold start.</summary>
    private readonly ConcurrentDictionary<string, PublicDocument> _documents = new();

    /// <summary>The card in a form, for who asks.</summary>
    public PublicDocument Get(CardForm form, HttpRequest request)
    {
        var (scheme, host) = hasAddress ? ("", "") : RequestAddress.Of(request);
        var path = hasAddress ? default : request.PathBase;
        var key = $"{(int)form} {scheme} {host} {path.Value}";
        return _documents.TryGetValue(key, out var document)
            ? document
            : Add(key, form, hasAddress ? RequestAddress.Nowhere : RequestAddress.ToUri(scheme, host, path));
    }

    private PublicDocument Add(string key, CardForm form, Uri address)
    {
        var document = CardDocument.Write(admission.Declare(cards.Public(address)), form, signer);
        if (_documents.Count >= Capacity)
            _documents.Clear();
        _documents[key] = document;
        return document;
    }
}
