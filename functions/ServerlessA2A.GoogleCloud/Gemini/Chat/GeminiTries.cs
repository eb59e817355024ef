using Google.Cloud.AIPlatform.V1;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>How often, how long and after what time a call that has failed is tried again.</summary>
/// <param name="settings">The limits.</param>
/// <param name="request">What is tried, for messages.</param>
/// <param name="time">The clock.</param>
/// <param name="random">0 to below 1: many callers that failed together must not come back together.</param>
internal sealed class GeminiTries(GeminiSettings settings, GenerateContentRequest request, TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _failingSince;
    private int _tried;

    /// <summary>The model has said something: what fails from now on is a failure of its own.</summary>
    public void MadeProgress() => (_failingSince, _tried) = (null, 0);

    /// <summary>Waits until the call may be tried again.</summary>
    /// <exception cref="GeminiException">It may not: the failure is none that passes, or the tries or the time are used up.</exception>
    public async Task WaitAsync(RpcException failure, CancellationToken cancellationToken)
    {
        var exception = GeminiFaults.ToException(failure, request);
        if (!exception.IsTransient || ++_tried >= settings.MaxTries)
            throw exception;
        // From the first failure, not from the call: how long that was silent is the other limit's.
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
