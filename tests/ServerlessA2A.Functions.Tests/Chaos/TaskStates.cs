namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>States by their names on the wire.</summary>
internal static class TaskStates
{
    public const string InputRequired = "TASK_STATE_INPUT_REQUIRED";
    public const string Completed = "TASK_STATE_COMPLETED";
    public const string Canceled = "TASK_STATE_CANCELED";
    public const string Failed = "TASK_STATE_FAILED";

    public static bool IsTerminal(string? state) => state is Completed or Canceled or Failed or "TASK_STATE_REJECTED";

    public static bool IsTerminalOrInterrupted(string? state) => state == InputRequired || IsTerminal(state);
}
