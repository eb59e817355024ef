using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.TestAgent.Travel;

/// <summary>A model that visits the places of a journey, two in each turn, and then reports the results that it was given.</summary>
public sealed class TravelModel(Journal journal) : IChatClient
{
    private const int PlacesPerTurn = 2;

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var journey = Journey.Of(messages);
        var visited = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()
            .Select(result => int.Parse($"{result.Result}", CultureInfo.InvariantCulture)).ToList();
        foreach (var place in visited)
            await journal.ShownAsync(journey, place, cancellationToken);
        await Task.Delay(journey.Pause, cancellationToken);
        var next = Enumerable.Range(visited.Count + 1, Math.Min(PlacesPerTurn, journey.Places - visited.Count)).ToList();
        var text = next.Count > 0 ? $"Off to {string.Join(" and ", next)}!" : Journey.Report(visited);
        foreach (var word in text.Split(' '))
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, word == text.Split(' ')[0] ? word : $" {word}");
            await Task.Delay(journey.Pause / 4, cancellationToken);
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [.. next.Select(place => Visit(journey, place))])
        {
            FinishReason = next.Count > 0 ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        };
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static FunctionCallContent Visit(Journey journey, int place) => new FunctionCallContent(
        $"visit-{place}", "visit",
        new Dictionary<string, object?>
        {
            ["journey"] = journey.Number,
            ["place"] = place,
            ["pause"] = (int)journey.Pause.TotalMilliseconds,
        });
}
