namespace ServerlessA2A.Protocol.Tasks;

/// <summary>Classifies task states.</summary>
public static class TaskStates
{
    /// <summary>Whether a state is terminal: the task never changes again.</summary>
    public static bool IsTerminal(this TaskState state) =>
        state is TaskState.Completed or TaskState.Failed or TaskState.Canceled or TaskState.Rejected;

    /// <summary>Whether a state is interrupted: the agent continues only after the client's answer.</summary>
    public static bool IsInterrupted(this TaskState state) =>
        state is TaskState.InputRequired or TaskState.AuthRequired;

    /// <summary>Whether a state is terminal or interrupted: no run works on the task.</summary>
    public static bool IsTerminalOrInterrupted(this TaskState state) => state.IsTerminal() || state.IsInterrupted();
}
