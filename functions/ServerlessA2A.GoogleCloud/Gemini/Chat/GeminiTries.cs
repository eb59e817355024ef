using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>How often, how long and after what time a call that has failed is tried again.</summary>
/// <param name="settings">The limits.</param>
/// <param name="model">The model's resource name, for messages.</param>
/// <param name="time">The clock.</param>
/// <param name="random">0 to below 1: many callers that failed together must not come back together.</param>
internal sealed class GeminiTries(GeminiSettings settings, string model, TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private DateTimeOffset _giveUpAt = time.GetUtcNow() + settings.RetryLimit;
    private int _tried;

    /// <summary>The model has said something: the time for trying again begins anew.</summary>
    public void MadeProgress() => _giveUpAt = time.GetUtcNow() + settings.RetryLimit;

    /// <summary>Waits until the call may be tried again.</summary>
    /// <exception cref="GeminiException">It may not: the failure is none that passes, or the tries or the time are used up.</exception>
    public async Task WaitAsync(RpcException failure, CancellationToken cancellationToken)
    {
        var exception = GeminiFaults.ToException(failure, model);
        if (!exception.IsTransient || ++_tried >= settings.MaxTries)
            throw exception;
        var delay = FirstDelay * Math.Pow(2, _tried - 1);
        if (delay > LongestDelay)
            delay = LongestDelay;
        delay *= 0.5 + (random() / 2);
        if (GeminiFaults.RetryAfter(failure) is { } asked && asked > delay)
            delay = asked + (random() * FirstDelay);
        if (time.GetUtcNow() + delay > _giveUpAt)
            throw exception;
        await Task.Delay(delay, time, cancellationToken);
    }
}
