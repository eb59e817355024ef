using Google.Api.Gax.Grpc;
using Google.Cloud.AIPlatform.V1;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>One call to the service, which fails after a limit of silence. Disposing it ends the call at once.</summary>
internal sealed class GeminiCall : IDisposable
{
    /// <summary>How long to wait for the end of the stream after the end of the answer.</summary>
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

    /// <summary>Whether a stream was started.</summary>
    public bool IsStreaming => _responses is not null;

    /// <summary>The exception for a stream that ended before the answer did.</summary>
    public static RpcException BrokenOff() => new(new Status(StatusCode.Unavailable, "The answer broke off."));

    /// <summary>Starts to stream an answer.</summary>
    public void Stream(PredictionServiceClient client, GenerateContentRequest request)
    {
        _stream = client.StreamGenerateContent(request, CallSettings.FromCancellationToken(_end.Token));
        _responses = _stream.GetResponseStream();
    }

    /// <summary>The next piece of the answer; null after the last one.</summary>
    /// <param name="isOver">Whether the answer has ended: the rest of the stream is then awaited only briefly.</param>
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
        // The token first, which ends a waiting stream.
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
            var detail = $"No response for {_silenceLimit.TotalSeconds:0.###} s.";
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, detail, stopped));
        }
    }
}
