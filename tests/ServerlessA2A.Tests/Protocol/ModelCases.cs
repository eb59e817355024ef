using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Protocol;

/// <summary>Every message of 1.0 as JSON text, with as little and with as much as it can hold.</summary>
public static class ModelCases
{
    private const string Parts = """[{"text":"hi"}]""";
    private const string FullPart = """{"text":"hi","metadata":{"a":1},"filename":"a.txt","mediaType":"text/plain"}""";
    private const string FullMessage =
        """{"messageId":"m1","contextId":"c1","taskId":"t1","role":"ROLE_AGENT","parts":[""" + FullPart
        + """,{"raw":"AQID/w=="},{"url":"https://x.example/f"},{"data":null}],"metadata":{"b":[1,1.0]},"extensions":["urn:x"],"referenceTaskIds":["t0"]}""";
    private const string MinimalMessage = """{"messageId":"m1","role":"ROLE_USER","parts":""" + Parts + "}";
    private const string FullStatus = """{"state":"TASK_STATE_INPUT_REQUIRED","message":""" + MinimalMessage + ""","timestamp":"2026-01-31T23:59:59.123Z"}""";
    private const string FullArtifact =
        """{"artifactId":"a1","name":"n","description":"d","parts":""" + Parts + ""","metadata":{},"extensions":["urn:x"]}""";
    private const string MinimalTask = """{"id":"t1","status":{"state":"TASK_STATE_SUBMITTED"}}""";
    private const string FullTask =
        """{"id":"t1","contextId":"c1","status":""" + FullStatus + ""","artifacts":[""" + FullArtifact + """],"history":[""" + FullMessage
        + """],"metadata":{"x":{"y":null}}}""";
    private const string FullConfig =
        """{"tenant":"n","id":"p1","taskId":"t1","url":"https://x.example/hook","token":"s","authentication":{"scheme":"Bearer","credentials":"c"}}""";

    private static readonly (Type Type, string Minimal, string Full)[] Cases =
    [
        (typeof(SendMessageRequest), $$"""{"message":{{MinimalMessage}}}""",
            $$$"""{"tenant":"n","message":{{{FullMessage}}},"configuration":{"acceptedOutputModes":["text/plain"],"taskPushNotificationConfig":{{{FullConfig}}},"historyLength":0,"returnImmediately":true},"metadata":{"k":"v"}}"""),
        (typeof(GetTaskRequest), """{"id":"t1"}""", """{"tenant":"n","id":"t1","historyLength":3}"""),
        (typeof(ListTasksRequest), "{}",
            """{"tenant":"n","contextId":"c1","status":"TASK_STATE_WORKING","pageSize":5,"pageToken":"p","historyLength":0,"statusTimestampAfter":"2026-01-31T00:00:00.000Z","includeArtifacts":false}"""),
        (typeof(CancelTaskRequest), """{"id":"t1"}""", """{"tenant":"n","id":"t1","metadata":{"why":"late"}}"""),
        (typeof(SubscribeToTaskRequest), """{"id":"t1"}""", """{"tenant":"n","id":"t1"}"""),
        (typeof(GetTaskPushNotificationConfigRequest), """{"taskId":"t1","id":"p1"}""", """{"tenant":"n","taskId":"t1","id":"p1"}"""),
        (typeof(DeleteTaskPushNotificationConfigRequest), """{"taskId":"t1","id":"p1"}""", """{"tenant":"n","taskId":"t1","id":"p1"}"""),
        (typeof(ListTaskPushNotificationConfigsRequest), """{"taskId":"t1"}""", """{"tenant":"n","taskId":"t1","pageSize":2,"pageToken":"p"}"""),
        (typeof(GetExtendedAgentCardRequest), "{}", """{"tenant":"n"}"""),
        (typeof(SendMessageResponse), $$"""{"message":{{MinimalMessage}}}""", $$"""{"task":{{FullTask}}}"""),
        (typeof(StreamResponse), $$"""{"task":{{MinimalTask}}}""", $$"""{"message":{{FullMessage}}}"""),
        (typeof(StreamResponse), """{"statusUpdate":{"taskId":"t1","contextId":"c1","status":{"state":"TASK_STATE_WORKING"}}}""",
            $$$$"""{"statusUpdate":{"taskId":"t1","contextId":"c1","status":{{{{FullStatus}}}},"metadata":{"m":true}}}"""),
        (typeof(StreamResponse), """{"artifactUpdate":{"taskId":"t1","contextId":"c1","artifact":{"artifactId":"a1","parts":[{"text":""}]}}}""",
            $$$$"""{"artifactUpdate":{"taskId":"t1","contextId":"c1","artifact":{{{{FullArtifact}}}},"append":true,"lastChunk":true,"metadata":{"m":true}}}"""),
        (typeof(A2ATask), MinimalTask, FullTask),
        (typeof(Message), MinimalMessage, FullMessage),
        (typeof(ListTasksResponse), """{"tasks":[],"nextPageToken":"","pageSize":50,"totalSize":0}""",
            $$"""{"tasks":[{{FullTask}}],"nextPageToken":"p","pageSize":1,"totalSize":7}"""),
        (typeof(TaskPushNotificationConfig), """{"url":"https://x.example/hook"}""", FullConfig),
        (typeof(ListTaskPushNotificationConfigsResponse), """{"configs":[],"nextPageToken":""}""",
            $$"""{"configs":[{{FullConfig}}],"nextPageToken":"p"}"""),
    ];

    /// <summary>Type and text of each case.</summary>
    public static TheoryData<Type, string> All
    {
        get
        {
            var rows = new TheoryData<Type, string>();
            foreach (var (type, minimal, full) in Cases)
            {
                rows.Add(type, minimal);
                rows.Add(type, full);
            }

            return rows;
        }
    }
}
