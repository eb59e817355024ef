using Google.Cloud.AIPlatform.V1;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>Limits and spaces the retries of a failed call.</summary>
/// <param name="settings">The limits.</param>
/// <param name="request">The request, for messages.</param>
/// <param name="time">The clock.</param>
/// <param name="random">0 to below 1: callers that failed together must not retry together.</param>
internal sealed class GeminiTries(GeminiSettings settings, GenerateContentRequest request, TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _failingSince;
    private int _tried;

    /// <summary>Records output of the model: a later failure starts a new series of retries.</summary>
    public void MadeProgress() => (_failingSince, _tried) = (null, 0);

    /// <summary>Waits until the next attempt.</summary>
    /// <exception cref="GeminiException">The failure is permanent, or the attempts or the time are used up.</exception>
    public async Task WaitAsync(RpcException failure, CancellationToken cancellationToken)
    {
        var exception = GeminiFaults.ToException(failure, request);
        if (!exception.IsTransient || ++_tried >= settings.MaxTries)
            throw exception;
        // Counted from the first failure: the duration of a silent call has its own limit.
        _failingSince ??= time.GetUtcNow();
        var seconds = Math.Min(FirstDelay.TotalSeconds * Math.Pow(2, _tried - 1), LongestDelay.TotalSeconds);
        var delay = TimeSpan.FromSeconds(seconds) * (0.5 + (random() / 2));
        if (GeminiFaults.RetryAfter(failure) is { } asked && asked > delay)
            delay = asked + (random() * FirstDelay);
        if (time.GetUtcNow() + delay > _failingSince + settings.RetryLimit)
            throw exception;
        await Task.Delay(delay, time, cancellationToken);
    }
}
