using System.Buffers;
using System.Text;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Protocol;

public class ProtoJsonTests
{
    [Fact]
    public void SnakeCaseIsReadAndCamelCaseWritten()
    {
        var request = Wire.Read<SendMessageRequest>(
            """
            {"message":{"message_id":"m","context_id":"c","task_id":"t","role":"ROLE_USER","reference_task_ids":["r"],
            "parts":[{"text":"a","media_type":"text/plain"}]},
            "configuration":{"accepted_output_modes":["x"],"history_length":2,"return_immediately":true,"task_push_notification_config":{"url":"u","task_id":"q"}}}
            """);
        Assert.Equal(
            """{"message":{"messageId":"m","contextId":"c","taskId":"t","role":"ROLE_USER","parts":[{"text":"a","mediaType":"text/plain"}],"referenceTaskIds":["r"]},"configuration":{"acceptedOutputModes":["x"],"taskPushNotificationConfig":{"taskId":"q","url":"u"},"historyLength":2,"returnImmediately":true}}""",
            Wire.Write(request));
    }

    [Theory]
    [InlineData("""{"\u0074enant":"n","id":"t"}""")]
    [InlineData("""{"\ud800":"x","tenant":"n","id":"t"}""")]
    [InlineData("""{"aNameThatIsMuchLongerThanThatOfAnyFieldOfTheProtocolCouldEverBeWithinReason":{"id":1},"tenant":"n","id":"t"}""")]
    [InlineData("""{"id":"x","tenant":"n","id":"t"}""")]
    public void NamesMayBeEscapedUnknownAndRepeated(string json) =>
        Assert.Equal("""{"tenant":"n","id":"t"}""", Wire.Write(Wire.Read<GetTaskRequest>(json)));

    [Fact]
    public void SnakeCaseInsideOfFreeJsonIsNotTouched()
    {
        const string Json =
            """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"data":{"a_b":[{"c_d":1}]},"metadata":{"task_id":"x"}}]},"metadata":{"context_id":{"e_f":1}}}""";
        Assert.Equal(Json, Wire.Write(Wire.Read<SendMessageRequest>(Json.Replace("messageId", "message_id", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("""{"id":"t","tenant":null,"historyLength":null}""", """{"id":"t"}""")]
    [InlineData("""{"id":"t","tenant":""}""", """{"id":"t"}""")]
    public void NullAndTheEmptyStringAreUnset(string json, string written) =>
        Assert.Equal(written, Wire.Write(Wire.Read<GetTaskRequest>(json)));

    [Fact]
    public void NullIsUnsetForMembersThatHaveNoPresence()
    {
        var update = Wire.Read<TaskArtifactUpdateEvent>("""{"append":null,"lastChunk":null,"artifact":{"parts":null}}""");
        Assert.False(update.Append);
        Assert.False(update.LastChunk);
        Assert.Equal(Role.Unspecified, Wire.Read<Message>("""{"role":null}""").Role);
        Assert.Equal(TaskState.Unspecified, Wire.Read<A2ATaskStatus>("""{"state":null}""").State);
        Assert.Equal(0, Wire.Read<ListTasksResponse>("""{"totalSize":null}""").TotalSize);
    }

    [Fact]
    public void DataNullIsAValueAndNoDataIsNone()
    {
        Assert.Equal(System.Text.Json.JsonValueKind.Null, Wire.Read<Part>("""{"data":null}""").Data!.Value.ValueKind);
        Assert.Null(Wire.Read<Part>("""{"text":"a"}""").Data);
        Assert.Equal("""{"data":null}""", Wire.Write(Wire.Read<Part>("""{"data":null}""")));
    }

    [Fact]
    public void EmptyTextIsATextPart() => Assert.Equal("""{"text":""}""", Wire.Write(Wire.Read<Part>("""{"text":""}""")));

    [Fact]
    public void EmptyListsAreWrittenOnlyWhereTheyAreRequired() => Assert.Equal(
        """{"messageId":"m","role":"ROLE_USER","parts":[]}""",
        Wire.Write(new Message { MessageId = "m", Role = Role.User, Parts = [], Extensions = [], ReferenceTaskIds = new HashSetList() }));

    [Theory]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("-0.0")]
    [InlineData("1E+2")]
    [InlineData("123456789012345678901234567890.123456789")]
    [InlineData("\"\\u0041\\/\\ud83d\\ude00 \u00e9\"")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""[ 1 , { "b" : null } ]""")]
    [InlineData("[]")]
    [InlineData("true")]
    public void DataComesBackByteForByte(string value)
    {
        var json = $$"""{"data":{{value}}}""";
        Assert.Equal(json, Wire.Write(Wire.Read<Part>(json)));
    }

    [Fact]
    public void LineBreaksInFreeJsonAreDroppedSinceTheyWouldEndALineOfAnEventStream()
    {
        var part = Wire.Read<Part>("{\"data\":{\r\n  \"a\": \"x\\ny\",\n\"b\":[1,\n2]}}");
        Assert.Equal("{\"data\":{  \"a\": \"x\\ny\",\"b\":[1,2]}}", Wire.Write(part));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5.0", 5)]
    [InlineData("5e0", 5)]
    [InlineData("\"5\"", 5)]
    [InlineData("\"5.0\"", 5)]
    [InlineData("\"-3\"", -3)]
    public void IntegersAreReadInEveryFormOfProtoJson(string text, int value) =>
        Assert.Equal(value, Wire.Read<GetTaskRequest>($$"""{"historyLength":{{text}}}""").HistoryLength);

    [Theory]
    [InlineData("5.5")]
    [InlineData("\"five\"")]
    [InlineData("\" 5\"")]
    [InlineData("\"\"")]
    [InlineData("3000000000")]
    [InlineData("true")]
    [InlineData("[5]")]
    public void OtherNumbersAreNoIntegers(string text) => AssertRefused<GetTaskRequest>($$"""{"historyLength":{{text}}}""", "historyLength", "must be a 32-bit integer");

    [Theory]
    [InlineData("AQID/w==")]
    [InlineData("AQID/w")]
    [InlineData("AQID_w==")]
    [InlineData("AQID_w")]
    [InlineData("AQID\\/w==")]
    [InlineData("AQID\\u002fw")]
    public void BytesAreReadInBothAlphabetsPaddedOrNot(string text) =>
        Assert.Equal(new byte[] { 1, 2, 3, 255 }, Wire.Read<Part>($$"""{"raw":"{{text}}"}""").Raw!.Value.ToArray());

    [Theory]
    [InlineData("\"!!!\"")]
    [InlineData("\"A\"")]
    [InlineData("\"AQID=w\"")]
    [InlineData("17")]
    [InlineData("{}")]
    public void WhatIsNotBase64IsRefusedByTheFieldsName(string text) =>
        AssertRefused<SendMessageRequest>($$$"""{"message":{"parts":[{"raw":{{{text}}}}]}}""", "message.parts[0].raw", "must be base64");

    [Theory]
    [InlineData("\"TASK_STATE_AUTH_REQUIRED\"", TaskState.AuthRequired)]
    [InlineData("8", TaskState.AuthRequired)]
    public void EnumsAreReadByNameAndNumber(string text, TaskState state) =>
        Assert.Equal(state, Wire.Read<ListTasksRequest>($$"""{"status":{{text}}}""").Status);

    [Theory]
    [InlineData("\"TASK_STATE_UNSPECIFIED\"")]
    [InlineData("0")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public void AnUnspecifiedFilterIsNone(string text) => Assert.Null(Wire.Read<ListTasksRequest>($$"""{"status":{{text}}}""").Status);

    [Theory]
    [InlineData("\"working\"")]
    [InlineData("\"TASK_STATE_CANCELLED\"")]
    [InlineData("9")]
    [InlineData("1.5")]
    [InlineData("\"2\"")]
    [InlineData("{}")]
    [InlineData("\"TASK_STATE_WORKING_TASK_STATE_WORKING_TASK_STATE_WORKING_TASK_STATE_WORKING\"")]
    public void UnknownEnumsAreRefused(string text) =>
        AssertRefused<ListTasksRequest>($$"""{"status":{{text}}}""", "status", "must be the name of a task state, such as TASK_STATE_WORKING");

    [Theory]
    [InlineData(TaskState.Unspecified, "TASK_STATE_UNSPECIFIED")]
    [InlineData(TaskState.Submitted, "TASK_STATE_SUBMITTED")]
    [InlineData(TaskState.Working, "TASK_STATE_WORKING")]
    [InlineData(TaskState.Completed, "TASK_STATE_COMPLETED")]
    [InlineData(TaskState.Failed, "TASK_STATE_FAILED")]
    [InlineData(TaskState.Canceled, "TASK_STATE_CANCELED")]
    [InlineData(TaskState.InputRequired, "TASK_STATE_INPUT_REQUIRED")]
    [InlineData(TaskState.Rejected, "TASK_STATE_REJECTED")]
    [InlineData(TaskState.AuthRequired, "TASK_STATE_AUTH_REQUIRED")]
    public void StatesHaveTheNamesAndNumbersOfTheProtoFile(TaskState state, string name)
    {
        Assert.Equal(name, TaskStateNames.ToName(state));
        Assert.True(TaskStateNames.TryParse(name, out var byName));
        Assert.True(TaskStateNames.TryParse(((int)state).ToString(System.Globalization.CultureInfo.InvariantCulture), out var byNumber));
        Assert.Equal((state, state), (byName, byNumber));
    }

    /// <summary>Whoever looks for a name there would fail on it.</summary>
    [Theory]
    [InlineData(
        """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}]},"metadata":{"\ud83d and more":1}}""", "metadata")]
    [InlineData("""{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x","metadata":{"a\\b":1,"\ud83d":1}}]}}""",
        "message.parts[0].metadata")]
    public void NamesInMetadataMustBeUnicode(string json, string field) =>
        AssertRefused<SendMessageRequest>(json, field, "has a name that is not valid Unicode");

    [Fact]
    public void MetadataMustBeAnObject() => AssertRefused<CancelTaskRequest>("""{"id":"t","metadata":[1]}""", "metadata", "must be a JSON object");

    [Theory]
    [InlineData("""{"message":{"parts":"x"}}""", "message.parts")]
    [InlineData("""{"message":{"parts":[{"text":5}]}}""", "message.parts[0].text")]
    [InlineData("""{"message":{"messageId":{}}}""", "message.messageId")]
    [InlineData("""{"message":[]}""", "message")]
    [InlineData("""{"message":{"message_id":"m","context_id":7}}""", "message.contextId")]
    [InlineData("""{"tenant":"n","message":{"parts":[{"text":"a","metadata":{"x":[1,{}]}},{"metadata":5}]}}""", "message.parts[1].metadata")]
    [InlineData("""{"message":{"extensions":["a","b",3]}}""", "message.extensions[2]")]
    [InlineData("""{"message":{"parts":[[]]}}""", "message.parts[0]")]
    [InlineData("""{"configuration":{"accepted_output_modes":[["a"]]},"metadata":{}}""", "configuration.acceptedOutputModes[0]")]
    [InlineData("""{"message":{"parts":[{"text":"\ud800"}]}}""", "message.parts[0].text")]
    public void AValueOfTheWrongTypeIsNamed(string json, string field)
    {
        var error = Wire.Refused(() => Wire.Read<SendMessageRequest>(json));
        Assert.Same(A2AError.InvalidParams, error.Error);
        Assert.Equal(field, Assert.Single(error.FieldViolations).Field);
        Assert.DoesNotContain("System.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"x\"")]
    public void ARequestMustBeAnObject(string json) =>
        Assert.Same(A2AError.InvalidParams, Wire.Refused(() => Wire.Read<SendMessageRequest>(json)).Error);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"id":"t"}}""")]
    [InlineData("""{"id":"t",}""")]
    [InlineData("""{"id":5,"task_id":}""")]
    [InlineData("""{'id':'t'}""")]
    public void WhatIsNotJsonIsAParseError(string json) =>
        Assert.Same(A2AError.ParseError, Wire.Refused(() => Wire.Read<GetTaskRequest>(json)).Error);

    [Fact]
    public void BytesThatAreNotUtf8AreAParseErrorEvenInFreeJson()
    {
        byte[] json = [.. "{\"data\":\""u8, 0xff, .. "\"}"u8];
        Assert.Same(A2AError.ParseError, Wire.Refused(() => ProtocolJson.Read<Part>(json)).Error);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void NestingEndsAtSixtyFour(int arrays, bool allowed)
    {
        foreach (var field in new[] { "\"data\"", "\"text\":\"a\",\"da_ta\"" })
        {
            var json = $$"""{{{field}}:{{new string('[', arrays)}}{{new string(']', arrays)}}}""";
            if (allowed) Wire.Read<Part>(json);
            else AssertRefused<Part>(json, field == "\"data\"" ? "data" : "daTa", "nests deeper than 48 levels");
        }
    }

    [Fact]
    public void WhatNestsTooDeepAndIsNoJsonIsAParseError() =>
        Assert.Same(A2AError.ParseError, Wire.Refused(() => Wire.Read<Part>($$"""{"data":{{new string('[', 1000)}}}""")).Error);

    [Fact]
    public void LettersBeyondAsciiStayReadable() => Assert.Equal("""{"text":"é<b>&漢\n"}""", Wire.Write(Part.FromText("é<b>&漢\n")));

    [Fact]
    public void AllWaysToWriteAgree()
    {
        var part = Wire.Read<Part>("""{"raw":"AQID/w==","metadata":{"a":[1.0]}}""");
        var buffer = new ArrayBufferWriter<byte>();
        ProtocolJson.Write(buffer, part);
        ProtocolJson.Write(buffer, part);
        Assert.Equal(Wire.Write(part) + Wire.Write(part), Encoding.UTF8.GetString(buffer.WrittenSpan));
        Assert.Equal(Wire.Write(part), Wire.Write(writer => ProtocolJson.Write(writer, part)));
    }

    private static void AssertRefused<T>(string json, string field, string description)
    {
        var error = Wire.Refused(() => Wire.Read<T>(json));
        Assert.Same(A2AError.InvalidParams, error.Error);
        Assert.Equal(new FieldViolation(field, description), Assert.Single(error.FieldViolations));
    }

    /// <summary>A list that is no ICollection.</summary>
    private sealed class HashSetList : IReadOnlyList<string>
    {
        public int Count => 0;

        public string this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<string> GetEnumerator() => Enumerable.Empty<string>().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
