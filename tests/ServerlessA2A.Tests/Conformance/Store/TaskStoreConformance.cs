using System.Text.Json;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

/// <summary>
/// What every store promises (<see cref="ITaskStore"/>). An adapter is done when a class that derives from this one, in a line, is green.
/// </summary>
public abstract partial class TaskStoreConformance : TaskIndexConformance
{
    private Task<List<LogEntry>> WatchToAsync(string taskId, long after, long last) =>
        Store.WatchUntilAsync(taskId, after, entry => entry.Last >= last);

    private static JsonElement Json(string json) => JsonElement.Parse(json);
}
