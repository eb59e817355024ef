using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Cards;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Protocol;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Bindings;

/// <summary>
/// Serves the public agent card (A2A 1.0, sections 8.2 and 8.6) at <c>/.well-known/agent-card.json</c>, at the older
/// <c>/.well-known/agent.json</c> and at <c>/</c>; and at <c>/.well-known/jwks.json</c> the keys that its signatures and
/// those of webhooks are verified with. Both are public and cacheable: they have an ETag, a maximum age, and 304.
/// </summary>
public sealed class AgentCardEndpoint
{
    private const string Verbs = "GET, HEAD, OPTIONS";

    private readonly HostedAgents _agents;
    private readonly CardDocuments _documents;
    private readonly SigningKeys _keys;
    private readonly CrossOrigin _crossOrigin;
    private readonly FailureAnswers _failures;
    private readonly CardForm _defaultForm;
    private readonly string _cacheControl;
    private readonly DateTimeOffset _lastModified;
    private readonly string _lastModifiedText;
    private PublicDocument? _keySet;

    /// <summary>Creates the endpoint; each card is created when it is first requested.</summary>
    internal AgentCardEndpoint(
        HostedAgents agents,
        Admission admission,
        SigningKeys keys,
        IOptions<BindingOptions> options,
        TimeProvider time,
        ILogger<AgentCardEndpoint> logger)
    {
        _agents = agents;
        _documents = new CardDocuments(admission, keys);
        _keys = keys;
        _crossOrigin = new CrossOrigin(options.Value.AllowedOrigins, admission);
        _failures = new FailureAnswers(admission, logger);
        _defaultForm = CardForms.Parse(options.Value.CardVersion) ?? CardForm.Blended;
        _cacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)options.Value.CardMaxAge.TotalSeconds}");
        // The configuration does not change while the process lives. HTTP dates have whole seconds.
        _lastModified = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        _lastModifiedText = HeaderUtilities.FormatDate(_lastModified);
    }

    /// <summary>Answers a request for the card of the agent that the first segment of the path names, or of the default agent.</summary>
    public Task HandleAsync(HttpContext context)
    {
        ResponseHeaders.Harden(context);
        RequestPath.Normalize(context.Request);
        return AgentPath.HandleAsync(context, _agents, HandleAsync);
    }

    /// <summary>Answers a request for the card of an agent.</summary>
    internal async Task HandleAsync(HttpContext context, HostedAgent agent)
    {
        if (_crossOrigin.Answer(context, isPublic: IsHere(context.Request.Path)))
            return;
        try
        {
            await RunAsync(context, agent);
        }
        catch (Exception exception)
        {
            await _failures.AnswerAsync(new JsonExchange(context, HttpJsonEnvelope.V1_0) { Agent = agent }, exception);
        }
    }

    private async ValueTask RunAsync(HttpContext context, HostedAgent agent)
    {
        var (request, response) = (context.Request, context.Response);
        var isKeySet = WellKnownPath.IsKeySet(request.Path);
        if (!IsHere(request.Path))
            throw Faults.PathNotFound(RequestPath.WholeOf(request));
        if (HttpMethods.IsOptions(request.Method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.Allow = Verbs;
            return;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            throw Faults.VerbNotAllowed(request.Method, Verbs);

        var document = isKeySet
            ? _keySet ??= new PublicDocument(_keys.WriteKeySet(), MediaType.KeySet)
            : _documents.Get(agent, FormFor(request), request);
        var headers = response.Headers;
        headers.ETag = document.ETag;
        headers.CacheControl = _cacheControl;
        headers.LastModified = _lastModifiedText;
        if (!isKeySet)
            headers.Vary = VersionHeader.Name;
        if (IsUnchanged(request, document.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = document.ContentType;
        await response.SendAsync(document.Json);
    }

    private static bool IsHere(PathString path) => path.Value is null or "" or "/" || WellKnownPath.Is(path);

    private CardForm FormFor(HttpRequest request) => VersionHeader.Read(request) switch
    {
        ProtocolVersion.V1_0 => CardForm.V1_0,
        ProtocolVersion.V0_3 => CardForm.V0_3,
        _ => _defaultForm,
    };

    /// <summary>RFC 9110, section 13.2.2: If-None-Match, and If-Modified-Since only without it.</summary>
    private bool IsUnchanged(HttpRequest request, string etag)
    {
        var known = request.Headers.IfNoneMatch;
        if (known.Count > 0)
            return known.ToString() == etag || (EntityTagHeaderValue.TryParseList(known, out var tags) && Matches(tags, etag));
        return HeaderUtilities.TryParseDate(request.Headers.IfModifiedSince.ToString(), out var since) && since >= _lastModified;
    }

    private static bool Matches(IList<EntityTagHeaderValue> tags, string etag)
    {
        var current = new EntityTagHeaderValue(etag);
        foreach (var tag in tags)
        {
            if (tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false))
                return true;
        }

        return false;
    }
}
