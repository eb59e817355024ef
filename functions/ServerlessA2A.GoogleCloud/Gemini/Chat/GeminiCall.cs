using Google.Api.Gax.Grpc;
using Google.Cloud.AIPlatform.V1;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>One call to the service, which ends when the service says nothing for too long. Whoever disposes of it ends it at once.</summary>
internal sealed class GeminiCall : IDisposable
{
    /// <summary>How long the end of a stream is waited for when the answer has ended.</summary>
    private static readonly TimeSpan Epilogue = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _silenceLimit;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _end;
    private PredictionServiceClient.StreamGenerateContentStream? _stream;
    private AsyncResponseStream<GenerateContentResponse>? _responses;

    public GeminiCall(TimeSpan silenceLimit, TimeProvider time, CancellationToken cancellationToken)
    {
        (_silenceLimit, _cancellationToken) = (silenceLimit, cancellationToken);
        _silence = new CancellationTokenSource(silenceLimit, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
    }

    /// <summary>Whether a stream was begun.</summary>
    public bool IsStreaming => _responses is not null;

    /// <summary>What is said of an answer that has ended without its end.</summary>
    public static RpcException BrokenOff() => new(new Status(StatusCode.Unavailable, "The answer broke off."));

    /// <summary>Begins to stream an answer.</summary>
    public void Stream(PredictionServiceClient client, GenerateContentRequest request)
    {
        _stream = client.StreamGenerateContent(request, CallSettings.FromCancellationToken(_end.Token));
        _responses = _stream.GetResponseStream();
    }

    /// <summary>The next piece of the answer; null after the last one.</summary>
    /// <param name="isOver">Whether the answer has ended: then little more is to come, and is not waited for long.</param>
    /// <exception cref="RpcException">The call failed, or the service was silent for too long.</exception>
    public async Task<GenerateContentResponse?> NextAsync(bool isOver)
    {
        _silence.CancelAfter(isOver && Epilogue < _silenceLimit ? Epilogue : _silenceLimit);
        return await CallAsync(async () => await _responses!.MoveNextAsync(_end.Token) ? _responses.Current : null);
    }

    /// <summary>The whole answer at once.</summary>
    /// <exception cref="RpcException">The call failed, or the service was silent for too long.</exception>
    public Task<GenerateContentResponse> GenerateAsync(PredictionServiceClient client, GenerateContentRequest request) =>
        CallAsync(() => client.GenerateContentAsync(request, CallSettings.FromCancellationToken(_end.Token)));

    public void Dispose()
    {
        // First the token: a stream that still waits ends with it.
        _end.Cancel();
        _stream?.Dispose();
        _end.Dispose();
        _silence.Dispose();
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or RpcException && _end.IsCancellationRequested)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"It said nothing for {_silenceLimit.TotalSeconds:0.###} s.", stopped));
        }
    }
}
