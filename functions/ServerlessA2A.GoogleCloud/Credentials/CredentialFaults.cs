using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Google.Apis.Auth.OAuth2.Responses;

namespace ServerlessA2A.GoogleCloud.Credentials;

/// <summary>Classifies credential failures: in the lookup, in Google's token service, or in the network.</summary>
internal static class CredentialFaults
{
    /// <summary>
    /// Whether a later attempt may succeed without a change: the network, the token service or the metadata server failed. False for
    /// missing or rejected credentials and for invalid settings. True for an unknown failure, because giving up loses work.
    /// </summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        TokenResponseException { Error.Error: "invalid_grant" } => false,
        TokenResponseException { StatusCode: { } status } => IsTransient(status),
        HttpRequestException { StatusCode: { } status } => IsTransient(status),
        InvalidOperationException or ArgumentException or FormatException or NotSupportedException or JsonException
            or CryptographicException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException =>
            failure.InnerException is { } cause && IsNetwork(cause) && IsTransient(cause),
        _ => true,
    };

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static bool IsNetwork(Exception failure) =>
        failure is TokenResponseException or HttpRequestException or SocketException or TimeoutException or OperationCanceledException;
}
