using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using ServerlessA2A.Grpc.Messages;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Protocol;

namespace ServerlessA2A.Grpc.Tests.Messages;

/// <summary>
/// A message means the same as its JSON: what the JSON of the records says is what the messages' own JSON says, but for numbers and names
/// that Protocol Buffers cannot tell apart.
/// </summary>
public class RoundTripProperties
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);
    private static readonly JsonParser Parser = new(new JsonParser.Settings(256));

    [Fact]
    public void AnItemOfAStreamIsTheMessageOfItsJson() => Holds(Generate.Stream, item => AssertSame(item, TaskProto.Write(item)));

    [Fact]
    public void ATaskIsTheMessageOfItsJson() => Holds(Generate.Task, task => AssertSame(task, TaskProto.Write(task)));

    [Fact]
    public void AWebhookIsTheMessageOfItsJsonAndComesBack() => Holds(Generate.PushNotificationConfig, config =>
    {
        AssertSame(config, WebhookProto.Write(config));
        Assert.Equal(config, WebhookProto.Read(WebhookProto.Write(config)));
    });

    [Fact]
    public void ARequestIsReadAsItsJsonIs() => Holds(Generate.SendMessage, request =>
    {
        var json = Normal(ProtocolJson.Write(request));

        var read = RequestProto.Read(Parser.Parse<V1.SendMessageRequest>(json));

        Assert.Equal(json, Normal(ProtocolJson.Write(read)));
    });

    [Fact]
    public void AMessageComesBack() => Holds(Generate.Message, message =>
    {
        var read = MessageProto.Read(Sent(MessageProto.Write(message)), "message");

        Assert.Equal(Normal(ProtocolJson.Write(message)), Normal(ProtocolJson.Write(read)));
    });

    [Fact]
    public void NumbersAreDoubles()
    {
        foreach (var (written, read) in new[]
        {
            ("1", "1"), ("-0.5", "-0.5"), ("1e2", "100"), ("9007199254740993", "9007199254740992"), ("1e999", $"{double.MaxValue:R}"),
        })
            Assert.Equal(read, FreeJson.Read("data", FreeJson.ToValue(JsonElement.Parse(written))).GetRawText());
    }

    [Fact]
    public void HalfOfASurrogatePairStaysEscaped()
    {
        var json = JsonElement.Parse("""{"\ud800":"\udc00"}""");

        Assert.Equal("""{ "\\ud800": "\\udc00" }""", Formatter.Format(Sent(FreeJson.ToStruct(json)!)));
        Assert.Equal("\ufffd", Sent(new V1.Task { Id = "\ud800" }).Id);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ANumberThatJsonDoesNotHaveIsRefusedWithItsFieldNamed(double number)
    {
        var message = new V1.Message { Parts = { new V1.Part { Data = Google.Protobuf.WellKnownTypes.Value.ForNumber(number) } } };

        var refused = Assert.Throws<ServerlessA2A.Protocol.Errors.A2AException>(() => MessageProto.Read(message, "message"));

        Assert.Equal("message.parts[0].data", Assert.Single(refused.FieldViolations).Field);
    }

    [Fact]
    public void EveryStateAndRoleHasTheNumberOfItsName()
    {
        foreach (var state in Enum.GetValues<TaskState>())
            Assert.Equal($"{state}", $"{(V1.TaskState)state}");
        foreach (var role in Enum.GetValues<Role>())
            Assert.Equal($"{role}", $"{(V1.Role)role}");
    }

    private static void Holds<T>(Gen<T> values, Action<T> fact) =>
        Prop.ForAll(values.ToArbitrary(), fact).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>Over the wire and back.</summary>
    private static TMessage Sent<TMessage>(TMessage message)
        where TMessage : IMessage<TMessage>, new() => new MessageParser<TMessage>(() => new TMessage()).ParseFrom(message.ToByteArray());

    private static void AssertSame<TRecord, TMessage>(TRecord record, TMessage message)
        where TMessage : IMessage<TMessage>, new() =>
        Assert.Equal(
            Parser.Parse<TMessage>(Normal(ProtocolJson.Write(record))), Sent(message));

    /// <summary>With names in order and once, the last one counting, and with numbers that are doubles.</summary>
    private static string Normal(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return Normal(document.RootElement)?.ToJsonString() ?? "null";
    }

    private static JsonNode? Normal(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
                foreach (var member in json.EnumerateObject())
                    members[member.Name] = Normal(member.Value);
                return new JsonObject(members);
            case JsonValueKind.Array:
                return new JsonArray([.. json.EnumerateArray().Select(Normal)]);
            case JsonValueKind.Number:
                return JsonValue.Create(json.GetDouble());
            case JsonValueKind.Null:
                return null;
            default:
                return JsonNode.Parse(json.GetRawText());
        }
    }
}
