using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The version of a request: the <c>A2A-Version</c> header, or the query parameter of that name.</summary>
/// <remarks>A2A 1.0, section 3.6: only Major.Minor counts; a patch number is ignored.</remarks>
internal static class VersionHeader
{
    /// <summary>The header's name, and the query parameter's.</summary>
    public const string Name = WireFormat.VersionHeader;

    /// <summary>The supported versions, for error messages.</summary>
    public const string Supported = "1.0 and 0.3";

    /// <summary>The requested version, or null for none.</summary>
    /// <exception cref="A2AException">VersionNotSupported for any other version, and for malformed ones.</exception>
    public static ProtocolVersion? Read(HttpRequest request)
    {
        var values = request.Headers[Name];
        if (values.Count == 0 && request.QueryString.HasValue)
            values = request.Query[Name];
        return values.Count == 0 ? null : Parse(values);
    }

    private static ProtocolVersion? Parse(StringValues values) => values.ToString() switch
    {
        "1.0" => ProtocolVersion.V1_0,
        "0.3" => ProtocolVersion.V0_3,
        var text when string.IsNullOrWhiteSpace(text) => null,
        var text => MajorMinor(text.AsSpan().Trim()) switch
        {
            (1, 0) => ProtocolVersion.V1_0,
            (0, 3) => ProtocolVersion.V0_3,
            _ => throw Faults.VersionNotSupported(text),
        },
    };

    private static (int Major, int Minor)? MajorMinor(ReadOnlySpan<char> text)
    {
        Span<Range> pieces = stackalloc Range[4];
        var count = text.Split(pieces, '.');
        return count is 2 or 3
            && Number(text[pieces[0]], out var major)
            && Number(text[pieces[1]], out var minor)
            && (count == 2 || Number(text[pieces[2]], out _))
            ? (major, minor)
            : null;

        static bool Number(ReadOnlySpan<char> digits, out int value) =>
            int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
