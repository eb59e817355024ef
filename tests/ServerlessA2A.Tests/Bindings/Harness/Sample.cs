using System.Text;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>A request that is made good, and then damaged.</summary>
internal sealed record Sample(string Method, string Path, byte[]? Body, string ContentType, (string Name, string Value)[] Headers)
{
    /// <summary>One good request for each operation of each wire of JSON.</summary>
    /// <param name="client">Whose wires they are.</param>
    /// <param name="taskId">A task that is there.</param>
    public static List<Sample> All(HttpClient client, string taskId)
    {
        var options = new SendOptions { ContextId = "c", HistoryLength = 3, Webhook = "https://example.com/hook" };
        List<HttpRequestMessage> requests = [];
        foreach (var wire in Wires.JsonOf(client))
        {
            requests.AddRange(
            [
                wire.SendRequest("echo:x", options), wire.SendRequest("echo:x", options with { TaskId = taskId, ContextId = null }),
                wire.StreamRequest("echo:x", options), wire.GetRequest(taskId, "1"), wire.CancelRequest("unknown"),
                wire.SubscribeRequest("unknown"),
                wire.CreateConfigRequest(taskId, "https://example.com/hook", "h"), wire.GetConfigRequest(taskId, "h"),
                wire.ListConfigsRequest(taskId),
                wire.DeleteConfigRequest(taskId, "h"), wire.ExtendedCardRequest(),
            ]);
            if (wire.CanList)
                requests.Add(
                    wire.ListRequest(("contextId", "\"c\""), ("pageSize", "10"), ("pageToken", "\"t\""), ("includeArtifacts", "true")));
        }

        return requests.ConvertAll(request => new Sample(
            request.Method.Method,
            request.RequestUri!.OriginalString,
            request.Content?.ReadAsByteArrayAsync().GetAwaiter().GetResult(),
            request.Content?.Headers.ContentType?.ToString() ?? "application/json",
            []));
    }

    public Sample With(string header, string value) => this with { Headers = [.. Headers, (header, value)] };

    /// <summary>Sends it, and reads the whole answer.</summary>
    public async Task<(HttpResponseMessage Response, string Body)> SendAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(Method), new Uri(client.BaseAddress!.GetLeftPart(UriPartial.Authority) + Path));
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        foreach (var (name, value) in Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.ExchangeAsync(request);
    }

    public override string ToString() =>
        $"{Method} {Path} {ContentType} {string.Join(';', Headers)} {(Body is null ? "" : Encoding.UTF8.GetString(Body))}";
}
