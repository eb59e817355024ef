using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tool;

/// <summary>What scripts read.</summary>
internal static class ExitCode
{
    /// <summary>Done; a task completed, or its state is not what was asked about.</summary>
    public const int Done = 0;

    /// <summary>The agent rejected the call or was not reached; or a card or a webhook was not verified.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The task failed, or was rejected or canceled.</summary>
    public const int TaskFailed = 3;

    /// <summary>The task waits for an answer or an authorization.</summary>
    public const int InputRequired = 4;

    /// <summary>Interrupted by Ctrl+C.</summary>
    public const int Canceled = 130;

    public static int Of(TaskState state) => state switch
    {
        TaskState.Failed or TaskState.Rejected or TaskState.Canceled => TaskFailed,
        TaskState.InputRequired or TaskState.AuthRequired => InputRequired,
        _ => Done,
    };
}
