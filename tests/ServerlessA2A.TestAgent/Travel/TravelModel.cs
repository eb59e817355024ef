using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.TestAgent.Travel;

/// <summary>
/// A model that visits the places of a journey, two in each turn, and then reports the results that it was given. Each call has an id of
/// its own.
/// </summary>
public sealed class TravelModel(Journal journal) : IChatClient
{
    private const int PlacesPerTurn = 2;
    private const int Departure = 0;
    private const string AskUser = "ask_user";

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var journey = Journey.Of(messages);
        var results = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().ToList();
        await Task.Delay(journey.Pause, cancellationToken);
        if (journey.Asks && results.Count == 0)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [Question(journey, options)])
            {
                FinishReason = ChatFinishReason.ToolCalls,
            };
            yield break;
        }

        var visited = results.Where(result => !result.CallId.StartsWith(AskUser, StringComparison.Ordinal))
            .Select(result => int.Parse($"{result.Result}", CultureInfo.InvariantCulture)).ToList();
        foreach (var place in visited)
            await journal.ShownAsync(journey.Number, place, cancellationToken);
        visited.Remove(Departure);
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

    /// <summary>A ChatAgent's model asks the user; that of an AIAgent departs, which needs an approval.</summary>
    private static FunctionCallContent Question(Journey journey, ChatOptions? options) =>
        options!.Tools!.Any(tool => tool.Name == AskUser)
            ? new FunctionCallContent($"{AskUser}-{Guid.NewGuid():N}", AskUser, new Dictionary<string, object?> { ["question"] = "Ready?" })
            : Visit(journey, Departure, "depart");

    private static FunctionCallContent Visit(Journey journey, int place, string tool = "visit")
    {
        var call = $"{tool}-{Guid.NewGuid():N}";
        return new(call, tool, new Dictionary<string, object?>
        {
            ["journey"] = journey.Number,
            ["place"] = place,
            ["call"] = call,
            ["pause"] = (int)journey.Pause.TotalMilliseconds,
        });
    }
}
