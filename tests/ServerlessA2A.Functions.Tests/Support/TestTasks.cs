using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>Tasks as they lie in a store.</summary>
internal static class TestTasks
{
    /// <summary>Makes one that was sent a minute ago, and whose run nobody has asked for.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> CreateAsync(ITaskStore store)
    {
        var id = $"{Guid.NewGuid()}";
        var message = new Message
        {
            MessageId = $"{Guid.NewGuid()}",
            TaskId = id,
            ContextId = "context",
            Role = Role.User,
            Parts = [Part.FromText("hello")]
        };
        var first = new LogEntry(1, DateTimeOffset.UtcNow.AddMinutes(-1), [new MessageReceived { Message = message }]);
        await store.CreateAsync(
            new NewTask { First = first, Snapshot = TaskFold.Begin(Caller.Anonymous.Owner, TimeSpan.FromDays(1), first) }, default);
        return id;
    }
}
