namespace ServerlessA2A.Protocol.Tasks;

/// <summary>The names of the task states in JSON and query strings: those of a2a.proto.</summary>
/// <remarks>A2A 1.0, section 5.5.</remarks>
internal static class TaskStateNames
{
    /// <summary>The name of a state, such as TASK_STATE_WORKING.</summary>
    public static string ToName(TaskState state) => state switch
    {
        TaskState.Submitted => "TASK_STATE_SUBMITTED",
        TaskState.Working => "TASK_STATE_WORKING",
        TaskState.Completed => "TASK_STATE_COMPLETED",
        TaskState.Failed => "TASK_STATE_FAILED",
        TaskState.Canceled => "TASK_STATE_CANCELED",
        TaskState.InputRequired => "TASK_STATE_INPUT_REQUIRED",
        TaskState.Rejected => "TASK_STATE_REJECTED",
        TaskState.AuthRequired => "TASK_STATE_AUTH_REQUIRED",
        _ => "TASK_STATE_UNSPECIFIED",
    };

    /// <summary>Reads a state's name or its number; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TaskState state)
    {
        (state, var known) = text switch
        {
            "TASK_STATE_UNSPECIFIED" or "0" => (TaskState.Unspecified, true),
            "TASK_STATE_SUBMITTED" or "1" => (TaskState.Submitted, true),
            "TASK_STATE_WORKING" or "2" => (TaskState.Working, true),
            "TASK_STATE_COMPLETED" or "3" => (TaskState.Completed, true),
            "TASK_STATE_FAILED" or "4" => (TaskState.Failed, true),
            "TASK_STATE_CANCELED" or "5" => (TaskState.Canceled, true),
            "TASK_STATE_INPUT_REQUIRED" or "6" => (TaskState.InputRequired, true),
            "TASK_STATE_REJECTED" or "7" => (TaskState.Rejected, true),
            "TASK_STATE_AUTH_REQUIRED" or "8" => (TaskState.AuthRequired, true),
            _ => (TaskState.Unspecified, false),
        };
        return known;
    }
}
