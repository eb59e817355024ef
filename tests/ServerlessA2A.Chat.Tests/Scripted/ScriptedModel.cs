using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.Scripted;

/// <summary>A chat client that does what the test says. Any number of agents may share it.</summary>
internal sealed class ScriptedModel : IChatClient
{
    private readonly Channel<ModelCall> _coming = Channel.CreateUnbounded<ModelCall>();
    private readonly Lock _gate = new();
    private readonly Queue<ScriptedTurn> _turns = [];
    private readonly List<ModelCall> _calls = [];

    /// <summary>Answers the calls for which no turn is enqueued.</summary>
    public Func<ModelCall, ScriptedTurn>? Answer { get; set; }

    /// <summary>The name that the client gives for its model; null for none.</summary>
    public string? Name { get; set; } = "scripted-1";

    /// <summary>All calls so far, in their order.</summary>
    public IReadOnlyList<ModelCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Answers one call. Turns are taken in their order, by calls in theirs.</summary>
    public void Enqueue(params ReadOnlySpan<ScriptedTurn> next)
    {
        lock (_gate)
        {
            foreach (var turn in next)
                _turns.Enqueue(turn);
        }
    }

    /// <summary>The earliest call that was not given yet, once there is one.</summary>
    public Task<ModelCall> NextCallAsync() => _coming.Reader.ReadAsync().AsTask().WithinLimit("the model is called");

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new ModelCall(
            [.. messages.Select(message => new ChatMessage(message.Role, [.. message.Contents]))], options!, ended.Task);
        try
        {
            await foreach (var update in Begin(call).RunAsync(cancellationToken))
                yield return update;
        }
        finally
        {
            ended.TrySetResult(cancellationToken.IsCancellationRequested);
        }
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The agent streams.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", null, Name) : serviceType.IsInstanceOfType(this)
            ? this : null;

    public void Dispose()
    {
    }

    private ScriptedTurn Begin(ModelCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
            _coming.Writer.TryWrite(call);
            if (_turns.TryDequeue(out var turn))
                return turn;
        }

        return Answer?.Invoke(call)
            ?? throw new InvalidOperationException($"No turn is enqueued for call {Calls.Count}, and there is no answer.");
    }
}
