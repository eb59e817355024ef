using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tests.Support;

/// <summary>A store where another hand does something just before an entry is appended.</summary>
public sealed class InterveningStore(ITaskStore inner, Func<LogEntry, Task> before) : DelegatingTaskStore(inner)
{
    public override async ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        await before(entry.Entry);
        return await base.AppendAsync(entry, cancellationToken);
    }
}
