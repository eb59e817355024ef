using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.Json;

/// <summary>A task's state by its name; read by its number too.</summary>
internal sealed class TaskStateConverter : JsonConverter<TaskState>
{
    public override bool HandleNull => true;

    public override TaskState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EnumToken.Read<TaskState>(ref reader, TaskStateNames.TryParse, "must be the name of a task state, such as TASK_STATE_WORKING");

    public override void Write(Utf8JsonWriter writer, TaskState value, JsonSerializerOptions options) =>
        writer.WriteStringValue(TaskStateNames.ToName(value));
}
