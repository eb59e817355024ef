using System.Net.Sockets;
using System.Security.Authentication;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>
/// Says why a call failed. In words of our own: the runtime's quote what the receiver sent, which is nobody's business in a log.
/// </summary>
internal static class WebhookFaults
{
    public static WebhookAnswer Of(HttpRequestException fault)
    {
        if (Find<AddressRefusedException>(fault) is { } refused)
            return new WebhookAnswer { Fault = $"The address {refused.Message}.", IsRefused = !refused.IsPassing };
        return new WebhookAnswer { Fault = Describe(fault) };
    }

    public static WebhookAnswer Refused(string fault) => new() { Fault = fault, IsRefused = true };

    private static string Describe(HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError =>
            $"TLS failed: {Find<AuthenticationException>(fault)?.Message ?? "the connection was closed."}",
        HttpRequestError.ConfigurationLimitExceeded => "The answer's headers are too long.",
        HttpRequestError.ResponseEnded => "The connection was closed before there was an answer.",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "The answer is not HTTP as it should be.",
        _ when Find<SocketException>(fault) is { } socket => $"The connection failed: {socket.SocketErrorCode}.",
        var error => $"The call failed: {error}.",
    };

    private static T? Find<T>(Exception? fault)
        where T : Exception
    {
        while (fault is not null and not T)
            fault = fault.InnerException;
        return (T?)fault;
    }
}
