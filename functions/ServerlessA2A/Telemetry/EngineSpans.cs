using System.Diagnostics;

namespace ServerlessA2A.Telemetry;

/// <summary>The engine's spans: the activity source <c>ServerlessA2A</c>. Without a listener nothing is created or formatted.</summary>
internal static class EngineSpans
{
    /// <summary>The name of the engine's activity source and of its meter.</summary>
    public const string Name = "ServerlessA2A";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>The current trace, as a W3C <c>traceparent</c>; null for none.</summary>
    public static string? TraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;

    /// <summary>A request of a client, from its arrival to the end of its answer. The operation becomes known on the way.</summary>
    public static Activity? StartRequest(string binding) =>
        Source.StartActivity("A2A request", ActivityKind.Server)?.SetTag(TelemetryNames.Binding, binding);

    /// <summary>Ends the span of a request.</summary>
    /// <param name="request">The span.</param>
    /// <param name="operation">The operation; null where the request names none.</param>
    /// <param name="version">The version of the protocol, Major.Minor.</param>
    /// <param name="error">The name of the error; null for none.</param>
    /// <param name="isFault">Whether the error is the agent's, rather than the client's.</param>
    public static void EndRequest(Activity request, string? operation, string version, string? error, bool isFault)
    {
        if (operation is not null)
            request.DisplayName = operation;
        request.SetTag(TelemetryNames.Operation, operation).SetTag(TelemetryNames.Version, version);
        if (error is not null)
            request.SetTag(TelemetryNames.Error, error);
        if (isFault)
            request.SetStatus(ActivityStatusCode.Error);
        request.Stop();
    }

    /// <summary>Adds the task to the current span, if that is one of the engine's.</summary>
    public static void AboutTask(string taskId, string? contextId)
    {
        if (Activity.Current is { IsAllDataRequested: true } current && current.Source == Source)
            current.SetTag(TelemetryNames.TaskId, taskId).SetTag(TelemetryNames.Conversation, contextId);
    }

    /// <summary>The handling of a message of a queue that a worker of this process takes from, below the span that published it.</summary>
    public static Activity? StartProcess(string queue, string? publisher)
    {
        if (!Source.HasListeners())
            return null;
        ActivityContext.TryParse(publisher, traceState: null, isRemote: true, out var parent);
        return Source.StartActivity($"process {queue}", ActivityKind.Consumer, parent)
            ?.SetTag(TelemetryNames.MessagingDestination, queue).SetTag(TelemetryNames.MessagingOperation, "process")
            .SetTag(TelemetryNames.MessagingOperationType, "process");
    }

    /// <summary>Records that the handling of a message failed.</summary>
    public static void Fail(Activity? process, Exception failure) =>
        process?.SetTag(TelemetryNames.Error, failure.GetType().Name).SetStatus(ActivityStatusCode.Error);

    /// <summary>
    /// What only the sweep requests: below the client's request that it belongs to, with a link to the sweep. It is there without a
    /// listener too, so that the log has the trace.
    /// </summary>
    /// <returns>Null where that request had no trace: the sweep's goes on.</returns>
    public static Activity? StartSwept(string kind, string taskId, string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent))
            return null;
        var sweep = Activity.Current;
        return Source.StartActivity(
            "swept", ActivityKind.Internal, parent, links: sweep is null ? null : [new ActivityLink(sweep.Context)])
            ?.SetTag(TelemetryNames.SweepKind, kind).SetTag(TelemetryNames.TaskId, taskId)
            ?? new Activity("swept").SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
    }

    /// <summary>One run of the agent on one task, from the lease to its end.</summary>
    public static Activity? StartRun(string taskId, string? contextId, string runId, int attempt) =>
        Source.StartActivity("run task")?.SetTag(TelemetryNames.TaskId, taskId).SetTag(TelemetryNames.Conversation, contextId)
            .SetTag(TelemetryNames.RunId, runId).SetTag(TelemetryNames.Attempt, attempt);

    /// <summary>Records how a run ended.</summary>
    public static void EndRun(Activity run, string outcome, string? error)
    {
        run.SetTag(TelemetryNames.RunOutcome, outcome);
        if (error is not null)
            run.SetTag(TelemetryNames.Error, error).SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>
    /// The agent's own work in a run. The span is not the current one: the agent's code runs on a thread of its own, which enters it.
    /// </summary>
    public static Activity? StartAgent(string name, string taskId, string? contextId)
    {
        if (!Source.HasListeners())
            return null;
        var current = Activity.Current;
        var agent = Source.StartActivity($"invoke_agent {name}")
            ?.SetTag(TelemetryNames.GenAIOperation, "invoke_agent").SetTag(TelemetryNames.AgentName, name)
            .SetTag(TelemetryNames.TaskId, taskId).SetTag(TelemetryNames.Conversation, contextId);
        Activity.Current = current;
        return agent;
    }

    /// <summary>One attempt to deliver to a webhook. The path and the query of its address may be secret.</summary>
    public static Activity? StartWebhook(string address, string taskId, string webhookId, long number)
    {
        var attempt = Source.StartActivity("POST webhook", ActivityKind.Client);
        if (attempt is null || !Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return attempt;
        return attempt.SetTag(TelemetryNames.HttpMethod, "POST")
            .SetTag(TelemetryNames.Server, uri.Host).SetTag(TelemetryNames.UrlScheme, uri.Scheme)
            .SetTag(TelemetryNames.TaskId, taskId).SetTag(TelemetryNames.WebhookId, webhookId).SetTag(TelemetryNames.Event, number);
    }

    /// <summary>Records what has come of a delivery attempt.</summary>
    public static void EndWebhook(Activity attempt, string verdict, int? status)
    {
        attempt.SetTag(TelemetryNames.WebhookVerdict, verdict);
        if (status is { } code)
            attempt.SetTag(TelemetryNames.HttpStatus, code);
        if (verdict != EngineMetrics.Accepted)
            attempt.SetTag(TelemetryNames.Error, status is { } failed ? $"{failed}" : verdict).SetStatus(ActivityStatusCode.Error);
    }
}
