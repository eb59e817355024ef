using System.Globalization;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The errors that are found before an operation is executed.</summary>
internal static class Faults
{
    /// <summary>The longest piece of a request that is repeated in an error.</summary>
    private const int LongestEcho = 64;

    public static A2AException BodyTooLarge(int limit) =>
        new(A2AError.PayloadTooLarge, FormattableString.Invariant($"The request's body is larger than {limit} bytes."))
        {
            Metadata = new Dictionary<string, string> { ["limitBytes"] = limit.ToString(CultureInfo.InvariantCulture) },
        };

    public static A2AException NoBody() => new(A2AError.ParseError, "The request has no body; a JSON object is expected.");

    public static A2AException UnsupportedMediaType(string? contentType, string expected) =>
        new(A2AError.UnsupportedMediaType, $"The request's body must be {expected}.") { Metadata = About("contentType", contentType) };

    /// <summary>RFC 9110, section 15.5.16.</summary>
    public static A2AException UnsupportedEncoding(string encoding, string supported) =>
        new(A2AError.UnsupportedMediaType,
            $"The Content-Encoding '{Shorten(encoding)}' is not supported. Compress the body once, with one of {supported}, or not at all.")
        {
            Metadata = new Dictionary<string, string> { ["contentEncoding"] = Shorten(encoding), [AcceptedEncodings] = supported },
        };

    public static A2AException WrongEncoding(string encoding, Exception cause) =>
        new(A2AError.ParseError, $"The request's body is not valid {encoding}, which its Content-Encoding names.", cause);

    public static A2AException InvalidRequest(string message) => new(A2AError.InvalidRequest, message);

    public static A2AException VersionNotSupported(string version) =>
        new(A2AError.VersionNotSupported, $"The protocol version is not supported. Supported are {VersionHeader.Supported}.")
        {
            Metadata = new Dictionary<string, string> { ["version"] = Shorten(version), ["supportedVersions"] = VersionHeader.Supported },
        };

    public static A2AException MethodNotFound(string method) => A2AException.MethodNotFound(Shorten(method));

    public static A2AException PathNotFound(string? path) =>
        new(A2AError.MethodNotFound, "There is nothing at this path.") { Metadata = About("path", path) };

    public static A2AException VerbNotAllowed(string verb, string allowed) =>
        new(A2AError.MethodNotAllowed, $"This path does not take the HTTP method. It takes {allowed}.")
        {
            Metadata = new Dictionary<string, string> { ["method"] = Shorten(verb), [AllowedVerbs] = allowed },
        };

    public static A2AException ExtensionSupportRequired(string missing) =>
        new(A2AError.ExtensionSupportRequired, $"The agent requires extensions that the request does not name: {missing}.")
        {
            Metadata = About("extensions", missing, shorten: false),
        };

    /// <summary>Where <see cref="VerbNotAllowed"/> has the value of the <c>Allow</c> header.</summary>
    public const string AllowedVerbs = "allowed";

    /// <summary>Where <see cref="UnsupportedEncoding"/> has the value of the <c>Accept-Encoding</c> header.</summary>
    public const string AcceptedEncodings = "acceptedEncodings";

    private static Dictionary<string, string> About(string name, string? value, bool shorten = true) =>
        new(1) { [name] = shorten ? Shorten(value) : value ?? "" };

    private static string Shorten(string? text) => text switch
    {
        null => "",
        { Length: > LongestEcho } => string.Concat(text.AsSpan(0, LongestEcho), "…"),
        _ => text,
    };
}
