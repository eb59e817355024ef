using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>Caches the public cards of all agents, each written and signed once.</summary>
/// <param name="admission">Declares how to authenticate.</param>
/// <param name="keys">The keys to sign them with.</param>
internal sealed class CardDocuments(Admission admission, SigningKeys keys)
{
    /// <summary>The maximum number of cached cards. Any client may choose the Host header: above this the cache is cleared.</summary>
    private const int Capacity = 64;

    /// <summary>
    /// By agent, form and address, as a string: a dictionary over a struct would be compiled at each cold start.
    /// </summary>
    private readonly ConcurrentDictionary<string, PublicDocument> _documents = new();

    /// <summary>
    /// The card of an agent in a form. It names the configured address, or else the address of the request.
    /// </summary>
    public PublicDocument Get(HostedAgent agent, CardForm form, HttpRequest request)
    {
        var hasAddress = agent.Cards.HasAddress;
        var (scheme, host) = hasAddress ? ("", "") : RequestAddress.Of(request);
        var path = hasAddress ? default : request.PathBase;
        var key = $"{agent.Name} {(int)form} {scheme} {host} {path.Value}";
        return _documents.TryGetValue(key, out var document)
            ? document
            : Add(key, agent.Cards, form, hasAddress ? RequestAddress.Nowhere : RequestAddress.ToUri(scheme, host, path));
    }

    private PublicDocument Add(string key, AgentCards cards, CardForm form, Uri address)
    {
        var document = CardDocument.Write(admission.Declare(cards.Public(address), cards.Skills.Of), form, new CardSigner(keys, cards));
        if (_documents.Count >= Capacity)
            _documents.Clear();
        _documents[key] = document;
        return document;
    }
}
