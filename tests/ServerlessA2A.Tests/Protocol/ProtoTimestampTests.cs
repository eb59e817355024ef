using System.Text;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tests.Protocol;

public class ProtoTimestampTests
{
    [Theory]
    [InlineData("2026-01-31T23:59:59Z", "2026-01-31T23:59:59.000Z")]
    [InlineData("2026-01-31T23:59:59.1Z", "2026-01-31T23:59:59.100Z")]
    [InlineData("2026-01-31T23:59:59.123456789Z", "2026-01-31T23:59:59.123Z")]
    [InlineData("2026-01-31T23:59:59.9999999Z", "2026-01-31T23:59:59.999Z")]
    [InlineData("2026-02-01T01:29:59+01:30", "2026-01-31T23:59:59.000Z")]
    [InlineData("2026-01-31T12:00:00-12:00", "2026-02-01T00:00:00.000Z")]
    [InlineData("2024-02-29t00:00:00z", "2024-02-29T00:00:00.000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z")]
    [InlineData("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")]
    public void MomentsAreReadWithAnyOffsetAndWrittenInUtcWithMilliseconds(string text, string written)
    {
        Assert.True(ProtoTimestamp.TryParse(text, out var moment));
        Span<byte> buffer = stackalloc byte[ProtoTimestamp.Length];
        Assert.True(ProtoTimestamp.TryFormat(moment, buffer, out var length));
        Assert.Equal(written, Encoding.ASCII.GetString(buffer[..length]));
        Assert.Equal($$"""{"state":"TASK_STATE_WORKING","timestamp":"{{written}}"}""", Wire.Write(new A2ATaskStatus { State = TaskState.Working, Timestamp = moment }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T23:59:59")]
    [InlineData("2026-01-31 23:59:59Z")]
    [InlineData("2026-01-31T23:59:59.Z")]
    [InlineData("2026-01-31T23:59:59.1234567890Z")]
    [InlineData("2026-13-31T23:59:59Z")]
    [InlineData("2026-02-29T23:59:59Z")]
    [InlineData("2026-00-01T23:59:59Z")]
    [InlineData("2026-01-00T23:59:59Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T23:60:00Z")]
    [InlineData("2026-01-31T23:59:60Z")]
    [InlineData("2026-01-31T23:59:59+1:30")]
    [InlineData("2026-01-31T23:59:59+24:00")]
    [InlineData("2026-01-31T23:59:59+0130")]
    [InlineData("+026-01-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("2026-01-31T23:59:59Z ")]
    [InlineData("２026-01-31T23:59:59Z")]
    public void OtherTextIsRefused(string text)
    {
        Assert.False(ProtoTimestamp.TryParse(text, out _));
        var error = Wire.Refused(() => Wire.Read<ListTasksRequest>($$"""{"statusTimestampAfter":"{{text}}"}"""));
        Assert.Equal("statusTimestampAfter", Assert.Single(error.FieldViolations).Field);
    }

    [Fact]
    public void ABufferThatIsTooShortIsLeftAlone() =>
        Assert.False(ProtoTimestamp.TryFormat(DateTimeOffset.UnixEpoch, stackalloc byte[23], out _));
}
