using System.Text.Json;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>The rows of the matrix.</summary>
internal static class MatrixOperations
{
    /// <summary>What the extended card says, and the public one does not.</summary>
    public const string Description = "For those who are known";

    public static IReadOnlyList<MatrixOperation> All { get; } =
    [
        new("SendMessage", (wire, _) => wire.SendRequest("echo:new", new SendOptions()), Sent,
        "own COMPLETED") { Others = "own COMPLETED" },
        // What has been claimed, and where, by one caller is free for the others.
        new("SendMessage", (wire, subject) => wire.SendRequest(Subject.Text, Repeated(subject)), Sent, "its INPUT_REQUIRED")
        {
            Use = "repeated", Others = "own INPUT_REQUIRED",
        },
        new("SendMessage", (wire, subject) => wire.SendRequest(Subject.Text, Continued(subject)), Sent,
        "its COMPLETED") { Use = "continued" },
        new("SendStreamingMessage", (wire, _) => wire.StreamRequest("echo:new", new SendOptions()), Streamed, "own SUBMITTED")
        {
            Others = "own SUBMITTED", Streams = true,
        },
        new("SendStreamingMessage", (wire, subject) => wire.StreamRequest(Subject.Text, Repeated(subject)), Streamed, "its INPUT_REQUIRED")
        {
            Use = "repeated", Others = "own SUBMITTED", Streams = true,
        },
        new("SendStreamingMessage", (wire, subject) => wire.StreamRequest(Subject.Text, Continued(subject)), Streamed, "its SUBMITTED")
        {
            Use = "continued", Streams = true,
        },
        new("GetTask", (wire, subject) => wire.GetRequest(subject.TaskId), TaskIs, "its INPUT_REQUIRED"),
        new("ListTasks", (wire, subject) => wire.ListRequest(("contextId", $"\"{subject.ContextId}\"")), Listed,
        "1: its INPUT_REQUIRED") { Others = "0: " },
        new("CancelTask", (wire, subject) => wire.CancelRequest(subject.TaskId), TaskIs, "its CANCELED"),
        new("SubscribeToTask", (wire, subject) => wire.SubscribeRequest(subject.TaskId), Streamed, "its INPUT_REQUIRED") { Streams = true },
        new("CreateTaskPushNotificationConfig", (wire, subject) => wire.CreateConfigRequest(subject.TaskId, Subject.Url, "another"), Config,
        "another"),
        new("CreateTaskPushNotificationConfig", (wire, subject) => wire.CreateConfigRequest(subject.TaskId, Subject.Url, Subject.Webhook),
        Config, Subject.Webhook)
        {
            Use = "replaced",
        },
        new("GetTaskPushNotificationConfig", (wire, subject) => wire.GetConfigRequest(subject.TaskId, Subject.Webhook), Config,
        Subject.Webhook),
        new("ListTaskPushNotificationConfigs", (wire, subject) => wire.ListConfigsRequest(subject.TaskId), Configs, Subject.Webhook),
        new("DeleteTaskPushNotificationConfig", (wire, subject) => wire.DeleteConfigRequest(subject.TaskId, Subject.Webhook), Nothing, ""),
        new("GetExtendedAgentCard", (wire, _) => wire.ExtendedCardRequest(), Described, Description) { Others = Description },
    ];

    /// <summary>Those that a wire has.</summary>
    public static IEnumerable<MatrixOperation> Of(Wire wire) => All.Where(row => wire.CanList || row.Operation != "ListTasks");

    private static SendOptions Repeated(Subject subject) => new() { MessageId = subject.MessageId, ContextId = subject.ContextId };

    private static SendOptions Continued(Subject subject) => new() { TaskId = subject.TaskId };

    private static string TaskIs(Wire wire, Subject subject, JsonElement task) =>
        $"{(task.GetProperty("id").GetString() == subject.TaskId ? "its" : "own")} {wire.StateOf(task)}";

    private static string Sent(Wire wire, Subject subject, JsonElement result) => TaskIs(wire, subject, wire.TaskOf(result));

    private static string Streamed(Wire wire, Subject subject, JsonElement data)
    {
        var (kind, content) = wire.EventOf(data);
        return kind == "task" ? TaskIs(wire, subject, content) : kind;
    }

    private static string Listed(Wire wire, Subject subject, JsonElement page) =>
        $"{page.GetProperty("totalSize")}: " +
        $"{string.Join(' ', page.GetProperty("tasks").EnumerateArray().Select(task => TaskIs(wire, subject, task)))}";

    private static string Config(Wire wire, Subject subject, JsonElement result) => wire.ConfigOf(result).GetProperty("id").GetString()!;

    private static string Configs(Wire wire, Subject subject, JsonElement result) =>
        string.Join(' ', wire.ConfigsOf(result).Select(config => config.GetProperty("id").GetString()));

    private static string Nothing(Wire wire, Subject subject, JsonElement result) =>
        result.GetRawText() is "{}" or "null" ? "" : "something";

    private static string Described(Wire wire, Subject subject, JsonElement card) => card.GetProperty("description").GetString()!;
}
