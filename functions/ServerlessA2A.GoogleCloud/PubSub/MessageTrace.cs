using System.Diagnostics;
using System.Text;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// A message's trace, as W3C trace context in the message's attributes: the function that handles the message continues the trace of the
/// request that published it.
/// </summary>
internal static class MessageTrace
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";
    private const string Topics = "/topics/";

    /// <summary>The longest value of an attribute that Pub/Sub takes, in bytes.</summary>
    private const int LongestAttribute = 1024;

    /// <summary>Handles a message in the activity of <see cref="Begin"/>, which records an exception.</summary>
    /// <param name="source">The source of the event that delivers the message, which ends with the topic.</param>
    /// <param name="message">The message.</param>
    /// <param name="handle">Handles it.</param>
    /// <param name="cancellationToken">Cancels the handling, which is no failure.</param>
    public static async Task HandleAsync(
        Uri? source, PubSubMessage message, Func<CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        using var activity = Begin(source, message);
        try
        {
            await handle(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            EngineSpans.Fail(activity, failure);
            throw;
        }
    }

    /// <summary>
    /// Starts an activity whose parent is the message's trace. It is created even if nothing listens to the source, so that the log has the
    /// trace. If the message has no readable trace, the activity continues the current one.
    /// </summary>
    /// <param name="source">The source of the event that delivers the message, which ends with the topic.</param>
    /// <param name="message">The message.</param>
    /// <returns>The activity, which is current until it is disposed.</returns>
    public static Activity Begin(Uri? source, PubSubMessage message)
    {
        var topic = TopicOf(source);
        if (message.PublishTime is { } published)
            GoogleCloudTelemetry.Delivered(topic, TimeProvider.System.GetUtcNow() - published);
        message.Attributes.TryGetValue(Parent, out var parent);
        message.Attributes.TryGetValue(State, out var state);
        if (!ActivityContext.TryParse(parent, state, isRemote: true, out var context) && Activity.Current is { } current)
            context = current.Context;

        if (GoogleCloudTelemetry.StartProcess(topic, message.MessageId, context) is { } observed)
            return observed;
        var activity = new Activity("process");
        if (context != default)
        {
            activity.SetParentId(context.TraceId, context.SpanId, context.TraceFlags);
            activity.TraceStateString = context.TraceState;
        }

        return activity.Start();
    }

    /// <summary>Writes the current trace, if there is one.</summary>
    internal static void Write(IDictionary<string, string> attributes)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } current)
            return;
        attributes[Parent] = id;
        // A longer value fails the whole message; W3C lets a state be left out.
        if (current.TraceStateString is { Length: > 0 } state && Encoding.UTF8.GetByteCount(state) <= LongestAttribute)
            attributes[State] = state;
    }

    /// <summary>The attributes of a message that was published in a trace.</summary>
    internal static IReadOnlyDictionary<string, string> Of(string? traceParent) =>
        traceParent is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [Parent] = traceParent };

    /// <summary>The topic that Eventarc names as the source: <c>//pubsub.googleapis.com/projects/P/topics/T</c>.</summary>
    private static string TopicOf(Uri? source)
    {
        var text = source?.OriginalString ?? "";
        var at = text.LastIndexOf(Topics, StringComparison.Ordinal);
        return at < 0 ? "" : text[(at + Topics.Length)..];
    }
}
