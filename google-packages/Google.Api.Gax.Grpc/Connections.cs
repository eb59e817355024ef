namespace Google.Api.Gax.Grpc;

/// <summary>The connections of this process, shared by all clients.</summary>
internal static class Connections
{
    public static readonly SocketsHttpHandler WithTls = Handler(useProxy: true);

    // An emulator, or whatever else speaks without TLS, is not behind the environment's proxy.
    public static readonly SocketsHttpHandler InTheClear = Handler(useProxy: false);

    private static SocketsHttpHandler Handler(bool useProxy) => new()
    {
        UseCookies = false,
        UseProxy = useProxy,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        EnableMultipleHttp2Connections = true,
    };
}
