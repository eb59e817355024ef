using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>The names of roles and states in 0.3.</summary>
internal static class Names
{
    public static string Of(Role role, Binding binding) => binding switch
    {
        Binding.Http => RoleNames.ToName(role),
        _ => role == Role.User ? "user" : "agent",
    };

    public static string Of(TaskState state, Binding binding) => binding switch
    {
        Binding.Http when state == TaskState.Canceled => "TASK_STATE_CANCELLED",
        Binding.Http => TaskStateNames.ToName(state),
        _ => state switch
        {
            TaskState.Submitted => "submitted",
            TaskState.Working => "working",
            TaskState.Completed => "completed",
            TaskState.Failed => "failed",
            TaskState.Canceled => "canceled",
            TaskState.InputRequired => "input-required",
            TaskState.Rejected => "rejected",
            TaskState.AuthRequired => "auth-required",
            _ => "unknown",
        },
    };

    /// <summary>Reads every spelling of either binding. An unknown one becomes unspecified, which the validation rejects.</summary>
    public static Role ToRole(string? name) => name switch
    {
        "user" => Role.User,
        "agent" => Role.Agent,
        _ => RoleNames.TryParse(name, out var role) ? role : Role.Unspecified,
    };

    /// <summary>Reads every spelling of either binding.</summary>
    public static bool TryParseState(ReadOnlySpan<char> name, out TaskState state)
    {
        if (TaskStateNames.TryParse(name, out state)) return true;
        (state, var known) = name switch
        {
            "submitted" => (TaskState.Submitted, true),
            "working" => (TaskState.Working, true),
            "completed" => (TaskState.Completed, true),
            "failed" => (TaskState.Failed, true),
            "canceled" or "cancelled" or "TASK_STATE_CANCELLED" => (TaskState.Canceled, true),
            "input-required" => (TaskState.InputRequired, true),
            "rejected" => (TaskState.Rejected, true),
            "auth-required" => (TaskState.AuthRequired, true),
            "unknown" => (TaskState.Unspecified, true),
            _ => (TaskState.Unspecified, false),
        };
        return known;
    }
}
