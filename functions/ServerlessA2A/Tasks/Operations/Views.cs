using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>The part of a task that a request selects.</summary>
internal static class Views
{
    /// <summary>Cuts the history to the newest messages: all for null, no member at all for 0 (A2A 1.0, section 3.2.4).</summary>
    public static A2ATask WithHistory(A2ATask task, int? historyLength)
    {
        if (historyLength is not { } length || task.History is not { } history || history.Count <= length)
            return task;
        return task with { History = length == 0 ? null : [.. history.Skip(history.Count - length)] };
    }

    /// <summary>The task in a list: without artifacts unless the request includes them (section 3.1.4).</summary>
    public static A2ATask InList(A2ATask task, ListTasksRequest request) =>
        WithHistory(request.IncludeArtifacts == true ? task : task with { Artifacts = null }, request.HistoryLength);
}
