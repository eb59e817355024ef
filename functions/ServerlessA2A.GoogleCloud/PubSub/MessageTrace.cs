using System.Diagnostics;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// The trace that a message belongs to, as W3C's trace context in the message's attributes: what a function does for a message is told
/// under the trace of the request that asked for it.
/// </summary>
internal static class MessageTrace
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    private static readonly ActivitySource Source = new("ServerlessA2A");

    /// <summary>
    /// Begins an activity whose parent is the message's trace. It is there also where nobody listens to the source, so that the log names
    /// the trace; where the message names none, or none that can be read, it goes on with the one that is current.
    /// </summary>
    /// <returns>The activity, which is current until it is disposed of.</returns>
    public static Activity Begin(string name, PubSubMessage message)
    {
        message.Attributes.TryGetValue(Parent, out var parent);
        message.Attributes.TryGetValue(State, out var state);
        if (!ActivityContext.TryParse(parent, state, isRemote: true, out var context) && Activity.Current is { } current)
            context = current.Context;

        if (Source.StartActivity(name, ActivityKind.Consumer, context) is { } observed)
            return observed;
        var activity = new Activity(name);
        if (context != default)
        {
            activity.SetParentId(context.TraceId, context.SpanId, context.TraceFlags);
            activity.TraceStateString = context.TraceState;
        }

        return activity.Start();
    }

    /// <summary>Writes the trace that is current, if there is one.</summary>
    internal static void Write(IDictionary<string, string> attributes)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C, Id: { } id } current)
            return;
        attributes[Parent] = id;
        if (!string.IsNullOrEmpty(current.TraceStateString))
            attributes[State] = current.TraceStateString;
    }
}
