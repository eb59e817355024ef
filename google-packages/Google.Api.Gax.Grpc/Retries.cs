using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Google.Api.Gax.Grpc;

/// <summary>The retries of Google's clients: five attempts, the first retry after 100 ms at most, each delay 1.3 times the one before.</summary>
internal static class Retries
{
    public static MethodConfig Of(string service, StatusCode[] codes, params string[] methods)
    {
        var config = new MethodConfig
        {
            RetryPolicy = new() { MaxAttempts = 5, InitialBackoff = TimeSpan.FromMilliseconds(100), BackoffMultiplier = 1.3, MaxBackoff = TimeSpan.FromSeconds(60) },
        };
        foreach (var code in codes)
            config.RetryPolicy.RetryableStatusCodes.Add(code);
        foreach (var method in methods)
            config.Names.Add(new() { Service = service, Method = method });
        return config;
    }
}
