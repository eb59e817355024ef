using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// Negotiates extensions: which of those that the card declares a request activates, and which required ones it lacks (A2A 1.0, sections
/// 3.2.6 and 3.3.4).
/// </summary>
internal static class ExtensionSupport
{
    private const string Header = "A2A-Extensions";
    private const string OlderHeader = "X-A2A-Extensions";

    /// <summary>The name of the header in a version.</summary>
    public static string HeaderOf(ProtocolVersion version) => version == ProtocolVersion.V1_0 ? Header : OlderHeader;

    /// <summary>The extensions that the request names and the agent supports, in the order of the card.</summary>
    /// <exception cref="A2AException">ExtensionSupportRequired where the request lacks one that is required.</exception>
    public static IReadOnlyList<AgentExtension> Negotiate(IReadOnlyList<AgentExtension> declared, HttpRequest request)
    {
        if (declared.Count == 0)
            return [];

        List<AgentExtension> used = [];
        string? missing = null;
        foreach (var extension in declared)
        {
            // Either header in either version: clients of 0.3 send both of them.
            if (Names(request.Headers[Header], extension.Uri!) || Names(request.Headers[OlderHeader], extension.Uri!))
                used.Add(extension);
            else if (extension.Required)
                missing = missing is null ? extension.Uri : $"{missing}, {extension.Uri}";
        }

        return missing is null ? used : throw Faults.ExtensionSupportRequired(missing);
    }

    private static bool Names(StringValues headers, string uri)
    {
        foreach (var header in headers)
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                if (header.AsSpan(range).Trim().SequenceEqual(uri))
                    return true;
            }
        }

        return false;
    }
}
