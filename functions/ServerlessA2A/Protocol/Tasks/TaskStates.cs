namespace ServerlessA2A.Protocol.Tasks;

/// <summary>What the states of a task mean for its life.</summary>
internal static class TaskStates
{
    /// <summary>The task has ended and will never change again.</summary>
    public static bool IsTerminal(this TaskState state) =>
        state is TaskState.Completed or TaskState.Failed or TaskState.Canceled or TaskState.Rejected;

    /// <summary>The agent has paused until the client does something.</summary>
    public static bool IsInterrupted(this TaskState state) =>
        state is TaskState.InputRequired or TaskState.AuthRequired;

    /// <summary>Nobody works on the task: it has ended, or it waits for the client.</summary>
    public static bool IsResting(this TaskState state) => state.IsTerminal() || state.IsInterrupted();
}
