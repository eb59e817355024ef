using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>
/// Requests of a caller who knows all of another's ids and tokens, and tries them and what is like them with every operation.
/// </summary>
internal sealed class Guesses(Belongings others, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Any request with a guess in it.</summary>
    public HttpRequestMessage Next(Wire wire)
    {
        // A twelfth are messages: the tasks that they make are the caller's own, and stay.
        switch (_random.Next(12))
        {
            case 0:
                return Message(wire, _random.Next(5));
            case 1:
                return wire.CancelRequest(Guess(others.TaskIds));
            case 2:
                return Subscription(wire);
            case 3:
                return wire.CreateConfigRequest(
                    Guess(others.TaskIds), "https://example.com/mine", _random.Next(2) == 0 ? Belongings.ConfigId : null);
            case 4:
                return wire.GetConfigRequest(Guess(others.TaskIds), Guess([Belongings.ConfigId]));
            case 5:
                return wire.ListConfigsRequest(Guess(others.TaskIds));
            case 6:
                return wire.DeleteConfigRequest(Guess(others.TaskIds), Belongings.ConfigId);
            case 7 or 8 when wire.CanList:
                return List(wire);
            default:
                return wire.GetRequest(Guess(others.TaskIds), _random.Next(2) == 0 ? "5" : null);
        }
    }

    /// <summary>
    /// A message to another's task is answered with nothing of it; one with another's context or message id begins a task of the caller's
    /// own.
    /// </summary>
    private HttpRequestMessage Message(Wire wire, int what)
    {
        var options = what switch
        {
            0 => new SendOptions { TaskId = Guess(others.TaskIds) },
            1 => new SendOptions
            {
                TaskId = Pick(others.TaskIds),
                ContextId = Pick(others.ContextIds),
                MessageId = Pick(others.MessageIds)
            },
            2 => new SendOptions { ContextId = Guess(others.ContextIds) },
            3 => new SendOptions { MessageId = Pick(others.MessageIds) },
            _ => new SendOptions { MessageId = Pick(others.MessageIds), ContextId = Pick(others.ContextIds) },
        };
        return _random.Next(3) == 0 ? wire.StreamRequest("echo:mine", options).With("Last-Event-ID", "0")
            : wire.SendRequest("echo:mine", options);
    }

    private HttpRequestMessage Subscription(Wire wire)
    {
        var request = wire.SubscribeRequest(Guess(others.TaskIds));
        return _random.Next(2) == 0 ? request : request.With("Last-Event-ID", Pick("0", "1", "2", "7", "999999"));
    }

    private HttpRequestMessage List(Wire wire) => _random.Next(4) switch
    {
        0 => wire.ListRequest(("contextId", $"\"{Guess(others.ContextIds)}\""), ("includeArtifacts", "true"), ("historyLength", "5")),
        1 => wire.ListRequest(("pageToken", $"\"{Guess(others.PageTokens)}\""), ("pageSize", "1")),
        2 => wire.ListRequest(("pageToken", $"\"{Pick(others.PageTokens)}\""), ("pageSize", "1"),
        ("contextId", $"\"{Pick(others.ContextIds)}\"")),
        _ => wire.ListRequest(("pageSize", "20"), ("includeArtifacts", "true")),
    };

    /// <summary>Mostly another's as it is; else with a letter changed, cut off or made longer, or one that is nobody's.</summary>
    private string Guess(IReadOnlyList<string> known)
    {
        var id = Pick(known);
        var at = _random.Next(id.Length);
        return _random.Next(8) switch
        {
            0 => Guid.NewGuid().ToString(),
            1 => id[..at] + "0123456789abcdef"[_random.Next(16)] + id[(at + 1)..],
            2 => id.ToUpperInvariant(),
            3 => id + "0",
            _ => id,
        };
    }

    private string Pick(params IReadOnlyList<string> choices) => choices[_random.Next(choices.Count)];
}
