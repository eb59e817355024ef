using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>Holds the test agent at a point of its count until the test lets it pass, in whatever process it runs.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly WebhookReceiver _receiver;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Gate(WebhookReceiver receiver)
    {
        _receiver = receiver;
        _receiver.Answer = async (_, stop) =>
        {
            _reached.TrySetResult();
            await _opened.Task.WaitAsync(stop);
            return (204, null);
        };
    }

    public static async Task<Gate> StartAsync() => new(await WebhookReceiver.StartAsync());

    /// <summary>The words that tell the test agent to wait here when it has counted that far.</summary>
    public string After(int count) => $"gate {count} {_receiver.Address}";

    /// <summary>Waits until the agent is here.</summary>
    public Task ReachedAsync() => _reached.Task.WithinLimit("the agent reaches the gate");

    public void Open() => _opened.TrySetResult();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();
}
