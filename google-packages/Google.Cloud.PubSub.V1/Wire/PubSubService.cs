using System.Text.Json;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Transport;
using Grpc.Core;
using Retries = Google.Api.Gax.Grpc.Transport.RetryPolicy;

namespace Google.Cloud.PubSub.V1;

/// <summary>Calls of google.pubsub.v1.</summary>
internal sealed class PubSubService(ServiceConnection connection)
{
    public const string Endpoint = "pubsub.googleapis.com";
    public const string EmulatorVariable = "PUBSUB_EMULATOR_HOST";

    /// <summary>A message may come twice in any case.</summary>
    public static readonly Retries PublishRetries =
        new(5, StatusCode.Aborted, StatusCode.Internal, StatusCode.ResourceExhausted, StatusCode.Unknown, StatusCode.Unavailable);

    public static readonly Retries Retries = new(5, StatusCode.Unavailable);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public async Task<T> CallAsync<T>(HttpMethod method, string path, ReadOnlyMemory<byte> body, Retries retries, Func<JsonElement, T> read, CallSettings? settings)
    {
        var timeout = settings?.Expiration is { } expiration ? expiration.Timeout ?? System.Threading.Timeout.InfiniteTimeSpan : Timeout;
        var cancellationToken = settings?.CancellationToken ?? CancellationToken.None;
        using var answer = await retries.RunAsync(() => connection.CallAsync(method, $"/v1/{path}", body, timeout, cancellationToken), cancellationToken);
        return read(answer.RootElement);
    }

    public Task<T> PostAsync<T>(string path, ReadOnlyMemory<byte> body, Func<JsonElement, T> read, CallSettings? settings) =>
        CallAsync(HttpMethod.Post, path, body, Retries, read, settings);
}
