using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>An event of a stream.</summary>
/// <param name="Id">Its number in the task's log.</param>
/// <param name="Data">The answer that it holds, as it was sent.</param>
internal sealed record StreamEvent(long Id, string Data);

/// <summary>Event streams as an A2A client reads them.</summary>
internal static class EventStreams
{
    /// <summary>Calls a method that streams.</summary>
    public static async IAsyncEnumerable<StreamEvent> StreamAsync(
        this HttpClient client, string body, long? lastEventId = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = Requests.Json(body) };
        if (lastEventId is { } last)
            request.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw new InvalidOperationException(await lines.ReadToEndAsync(cancellationToken));
        var id = 0L;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = long.Parse(line["id: ".Length..], CultureInfo.InvariantCulture);
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                yield return new StreamEvent(id, line["data: ".Length..]);
        }
    }

    /// <summary>The result that an event holds: an object with one member, which names the event's kind.</summary>
    public static JsonProperty Result(this StreamEvent streamed) =>
        JsonDocument.Parse(streamed.Data).RootElement.GetProperty("result").EnumerateObject().Single();

    /// <summary>The id of the task that an event is about.</summary>
    public static string TaskId(this StreamEvent streamed)
    {
        var result = streamed.Result();
        return result.Value.GetProperty(result.Name == "task" ? "id" : "taskId").GetString()!;
    }

    /// <summary>The text of the only artifact, put together as a client does it.</summary>
    public static string ArtifactText(this IEnumerable<StreamEvent> events)
    {
        var text = new StringBuilder();
        foreach (var result in events.Select(Result))
        {
            if (result.Name == "task" && result.Value.TryGetProperty("artifacts", out _))
                text.Clear().Append(result.Value.ArtifactText());
            if (result.Name != "artifactUpdate")
                continue;
            if (!result.Value.TryGetProperty("append", out var append) || !append.GetBoolean())
                text.Clear();
            text.Append(result.Value.GetProperty("artifact").GetProperty("parts")[0].GetProperty("text").GetString());
        }

        return text.ToString();
    }
}
