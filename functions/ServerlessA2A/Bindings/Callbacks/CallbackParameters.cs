using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Callbacks;

/// <summary>
/// The parameters of a callback: those of the query, and of the form of a POST (<c>response_mode=form_post</c>).
/// </summary>
internal sealed class CallbackParameters
{
    /// <summary>The longest query and the largest form, in bytes: ID tokens and codes are a few KiB.</summary>
    private const int MaxSize = 16 * 1024;

    private const int MaxCount = 20;
    private const int MaxName = 100;
    private const string StateName = "state";
    private const string Form = "application/x-www-form-urlencoded";

    private CallbackParameters(string state, Dictionary<string, string> values) => (State, Values) = (state, values);

    /// <summary>The state.</summary>
    public string State { get; }

    /// <summary>The other parameters.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>Reads the parameters; null if they have no state, are too many or too long, or if a name is repeated.</summary>
    /// <param name="context">The request.</param>
    /// <param name="ofQueryOnly">Whether the body is no form.</param>
    /// <exception cref="A2AException">The form is too large, not a form, or could not be read.</exception>
    public static async ValueTask<CallbackParameters?> ReadAsync(HttpContext context, bool ofQueryOnly)
    {
        var request = context.Request;
        var pairs = new List<(string Name, string Value)>();
        if (!TryAdd(pairs, request.QueryString.Value))
            return null;
        if (!ofQueryOnly && HttpMethods.IsPost(request.Method) && !TryAdd(pairs, await ReadFormAsync(context)))
            return null;
        // An address that has the state may be returned to with a form that has it too.
        var states = pairs.Where(pair => pair.Name == StateName).Select(pair => pair.Value).Distinct(StringComparer.Ordinal).ToList();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        // RFC 6749, section 3.1: parameters must not be repeated.
        return states is [var state] && pairs.Where(pair => pair.Name != StateName).All(pair => values.TryAdd(pair.Name, pair.Value))
            ? new CallbackParameters(state, values)
            : null;
    }

    private static async ValueTask<string> ReadFormAsync(HttpContext context)
    {
        var contentType = context.Request.ContentType;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase))
            throw Faults.UnsupportedMediaType(contentType, Form);
        var body = await RequestBody.ReadAsync(context, MaxSize);
        try
        {
            return Encoding.UTF8.GetString(body.Bytes.Span);
        }
        finally
        {
            body.Release();
        }
    }

    private static bool TryAdd(List<(string Name, string Value)> pairs, [NotNullWhen(true)] string? text)
    {
        if (text?.Length > MaxSize)
            return false;
        foreach (var pair in new QueryStringEnumerable(text))
        {
            var name = pair.DecodeName().ToString();
            if (name.Length is 0 or > MaxName || pairs.Count == MaxCount)
                return false;
            pairs.Add((name, pair.DecodeValue().ToString()));
        }

        return true;
    }
}
