using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Protocol.V0_3;

namespace ServerlessA2A.Tests.Protocol.V0_3;

public class TranslationProperties
{
    private const string Mark = "data_part_compat";

    [Fact]
    public void From1_0To0_3AndBackNothingIsLostThat0_3CanCarry()
    {
        foreach (var binding in Enum.GetValues<Binding>())
        {
            RoundTripProperties.Holds(Generate.Stream, response => ComesBack(Carried(response, binding), binding));
            RoundTripProperties.Holds(Generate.SendMessage, request => ComesBack(Carried(request, binding), binding));
            RoundTripProperties.Holds(Generate.PushNotificationConfig, config => ComesBack(config, binding));
        }
    }

    [Fact]
    public void From0_3To1_0AndBackNothingIsLost()
    {
        foreach (var binding in Enum.GetValues<Binding>())
        {
            var client = new Client0_3(binding);
            RoundTripProperties.Holds(Generate0_3.Message(binding), json => Assert.Equal(json, client.Write(client.ReadMessage(json))));
        }
    }

    private static void ComesBack(StreamResponse response, Binding binding)
    {
        var client = new Client0_3(binding);
        var json = Wire.Write(writer => client.Format.WriteStreamResponse(writer, response, final: true));
        Assert.Equal(Wire.Write(response), Wire.Write(client.ReadItem(json)));
    }

    private static void ComesBack(SendMessageRequest request, Binding binding)
    {
        var client = new Client0_3(binding);
        Assert.Equal(Wire.Write(request), Wire.Write(client.Format.ReadSendMessage(Wire.Utf8(client.Write(request)))));
    }

    private static void ComesBack(TaskPushNotificationConfig config, Binding binding)
    {
        var format = new Client0_3(binding).Format;
        var json = Wire.Write(writer => format.WriteTaskPushNotificationConfig(writer, config));
        Assert.Equal(config, format.ReadCreateTaskPushNotificationConfig(Wire.Utf8(json)));
    }

    /// <summary>Without what 0.3 has no field for.</summary>
    private static StreamResponse Carried(StreamResponse response, Binding binding) => new()
    {
        Task = response.Task is { } task
            ? task with
            {
                Status = Carried(task.Status, binding),
                Artifacts = task.Artifacts?.Select(Carried).ToList(),
                History = task.History?.Select(message => Carried(message, binding)).ToList(),
            }
            : null,
        Message = response.Message is { } said ? Carried(said, binding) : null,
        StatusUpdate = response.StatusUpdate is { } status ? status with { Status = Carried(status.Status, binding) } : null,
        ArtifactUpdate = response.ArtifactUpdate is { } artifact ? artifact with { Artifact = Carried(artifact.Artifact) } : null,
    };

    /// <summary>In HTTP+JSON a history length of 0 is none.</summary>
    private static SendMessageRequest Carried(SendMessageRequest request, Binding binding) => request with
    {
        Message = Carried(request.Message, binding),
        Configuration = request.Configuration is { HistoryLength: 0 } configuration && binding == Binding.Http
            ? configuration with { HistoryLength = null }
            : request.Configuration,
    };

    private static A2ATaskStatus Carried(A2ATaskStatus status, Binding binding) =>
        status with { Message = status.Message is { } message ? Carried(message, binding) : null };

    private static Artifact Carried(Artifact artifact) => artifact with { Parts = [.. artifact.Parts.Select(Carried)] };

    private static Message Carried(Message message, Binding binding) => message with
    {
        Parts = [.. message.Parts.Select(Carried)],
        ReferenceTaskIds = binding == Binding.JsonRpc ? message.ReferenceTaskIds : null,
    };

    /// <summary>Only files have a name and a media type; metadata beside wrapped data loses its spaces.</summary>
    private static Part Carried(Part part)
    {
        var isFile = part.Raw is not null || part.Url is not null;
        var isWrapped = part.Data is { ValueKind: not JsonValueKind.Object };
        return part with
        {
            Filename = isFile ? part.Filename : null,
            MediaType = isFile ? part.MediaType : null,
            Metadata = isWrapped ? Compact(part.Metadata) : part.Metadata,
        };
    }

    private static JsonElement? Compact(JsonElement? metadata)
    {
        Assert.NotEqual(true, metadata?.TryGetProperty(Mark, out _));
        if (metadata is not { } some || !some.EnumerateObject().MoveNext()) return null;
        return Generate.Parse($"{{{string.Join(",", some.EnumerateObject().Select(Raw))}}}");
    }

    private static string Raw(JsonProperty member) =>
        $"\"{Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member))}\":{member.Value.GetRawText()}";
}
