using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>Is told of what is appended to tasks: the port through which tasks reach webhooks.</summary>
internal interface INotifier
{
    /// <summary>Tells whoever wants to know. A fault of it is none of the task's: it is logged, and the sweep makes up for it.</summary>
    /// <param name="task">The task, after the entry or at its last change of status.</param>
    /// <param name="entry">What was appended.</param>
    ValueTask AppendedAsync(TaskSnapshot task, LogEntry entry);
}
