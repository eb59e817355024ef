using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Protocol.V0_3;

namespace ServerlessA2A.Tests.Protocol.V0_3;

/// <summary>Random messages of 0.3, made without the translation that they test.</summary>
internal static class Generate0_3
{
    public static Gen<WireTask> Task(Binding binding) =>
        from id in Generate.Text
        from status in Status(binding)
        from history in Message(binding).ArrayOf(2)
        from artifact in Artifact(binding)
        from metadata in Generate.Metadata
        from full in Bool
        select new WireTask
        {
            Kind = binding == Binding.JsonRpc ? "task" : null,
            Id = id,
            ContextId = "c",
            Status = status,
            Artifacts = full ? [artifact] : null,
            History = full ? history : null,
            Metadata = metadata,
        };

    public static Gen<WireSendRequest> SendRequest(Binding binding) =>
        from message in Message(binding)
        from blocking in Bool
        from history in Gen.Elements<int?>(null, 0, 3)
        from webhook in Bool
        from configured in Bool
        from metadata in Generate.Metadata
        select new WireSendRequest
        {
            Message = message,
            Configuration = configured ? Configuration(binding, blocking, history, webhook) : null,
            Metadata = metadata,
        };

    private static Gen<bool> Bool => Gen.Elements(true, false);

    private static WireSendConfiguration Configuration(Binding binding, bool blocking, int? history, bool webhook)
    {
        var config = webhook ? new WirePushConfig { Id = "p", Url = "u", Token = "t", Authentication = new() { Schemes = ["Bearer"], Credentials = "c" } } : null;
        return new()
        {
            AcceptedOutputModes = ["a/b"],
            PushNotificationConfig = binding == Binding.JsonRpc ? config : null,
            PushNotification = binding == Binding.Http ? config : null,
            HistoryLength = history,
            Blocking = binding == Binding.JsonRpc ? blocking : blocking ? true : null,
        };
    }

    private static Gen<WireMessage> Message(Binding binding) =>
        from id in Generate.Text
        from user in Bool
        from parts in Part(binding).ArrayOf(2)
        from metadata in Generate.Metadata
        select binding == Binding.JsonRpc
            ? new WireMessage { Kind = "message", MessageId = id, Role = user ? "user" : "agent", Parts = parts, Content = null, Metadata = metadata, ReferenceTaskIds = ["r"] }
            : new WireMessage { MessageId = id, ContextId = "c", TaskId = "t", Role = user ? "ROLE_USER" : "ROLE_AGENT", Parts = null, Content = parts, Metadata = metadata, Extensions = ["urn:x"] };

    private static Gen<WireArtifact> Artifact(Binding binding) =>
        from id in Generate.Text
        from parts in Part(binding).ArrayOf(2)
        from metadata in Generate.Metadata
        select new WireArtifact { ArtifactId = id, Name = "n", Parts = parts, Metadata = metadata };

    private static Gen<WireTaskStatus> Status(Binding binding) =>
        from state in Gen.Elements(binding == Binding.JsonRpc
            ? ["submitted", "working", "input-required", "completed", "canceled", "failed", "rejected", "auth-required", "unknown"]
            : new[] { "TASK_STATE_SUBMITTED", "TASK_STATE_CANCELLED", "TASK_STATE_INPUT_REQUIRED", "TASK_STATE_UNSPECIFIED" })
        from message in Message(binding)
        select new WireTaskStatus
        {
            State = state,
            Message = binding == Binding.JsonRpc ? message : null,
            Update = binding == Binding.Http ? message : null,
            Timestamp = DateTimeOffset.UnixEpoch,
        };

    private static Gen<WirePart> Part(Binding binding) =>
        from kind in Gen.Choose(0, 3)
        from text in Generate.Text
        from data in Generate.JsonObject
        from metadata in Generate.Metadata
        select binding == Binding.JsonRpc
            ? kind switch
            {
                0 => new WirePart { Kind = "text", Text = text, Metadata = metadata },
                1 => new WirePart { Kind = "file", File = new() { Bytes = new byte[] { 1, 2 }, Name = text }, Metadata = metadata },
                2 => new WirePart { Kind = "file", File = new() { Uri = text, MimeType = text }, Metadata = metadata },
                _ => new WirePart { Kind = "data", Data = Generate.Parse(data), Metadata = metadata },
            }
            : kind switch
            {
                0 => new WirePart { Text = text, Metadata = metadata },
                1 => new WirePart { File = new() { FileWithBytes = new byte[] { 1, 2 }, Name = text }, Metadata = metadata },
                2 => new WirePart { File = new() { FileWithUri = text, MimeType = text }, Metadata = metadata },
                _ => new WirePart { Data = Generate.Parse($$"""{"data":{{data}}}"""), Metadata = metadata },
            };
}
