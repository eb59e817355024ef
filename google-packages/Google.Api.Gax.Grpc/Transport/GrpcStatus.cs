using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>How a call ended, as the service says it: in trailers, or in the headers of an answer that is nothing but its status.</summary>
internal static class GrpcStatus
{
    private const string Name = "grpc-status";

    // Said already by the exception itself, or of no interest beyond the transport.
    private static readonly HashSet<string> Known = new([Name, "grpc-message", "grpc-encoding", "grpc-accept-encoding"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The failure that an answer ended with, once it was read to its end; null if it ended well.</summary>
    public static RpcException? Of(HttpResponseMessage response)
    {
        HttpHeaders trailers = response.TrailingHeaders.Contains(Name) ? response.TrailingHeaders : response.Headers;
        if (Value(trailers, Name) is not { } text)
            return new(new Status(StatusCode.Cancelled, "No grpc-status found on response."));
        if (text == "0")
            return null;
        var code = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((StatusCode)number)
            ? (StatusCode)number
            : StatusCode.Unknown;
        return new(new Status(code, Uri.UnescapeDataString(Value(trailers, "grpc-message") ?? "")), Entries(trailers));
    }

    // https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
    public static StatusCode FromHttp(HttpStatusCode code) => (int)code switch
    {
        400 or 431 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private static string? Value(HttpHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;

    private static Metadata Entries(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (Known.Contains(name))
                continue;
            foreach (var value in values)
            {
                if (name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
                    metadata.Add(name, Bytes(value));
                else
                    metadata.Add(name, value);
            }
        }
        return metadata;
    }

    // Senders may leave the padding out.
    private static byte[] Bytes(string base64) => Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
}
