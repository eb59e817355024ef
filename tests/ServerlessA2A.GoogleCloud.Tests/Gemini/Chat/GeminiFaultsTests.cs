using System.Net;
using FsCheck.Fluent;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiFaultsTests
{
    private const string RetryInfo = "type.googleapis.com/google.rpc.RetryInfo";
    private const string Model = "projects/p/locations/l/publishers/google/models/m";

    private static readonly Google.Cloud.AIPlatform.V1.GenerateContentRequest Request = new() { Model = Model };

    [Theory]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Cancelled)]
    public void WhatPassesIsTransient(StatusCode code)
    {
        Assert.True(GeminiFaults.IsTransient(code));
        Assert.True(ToException(code).IsTransient);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.OutOfRange)]
    [InlineData(StatusCode.Unimplemented)]
    [InlineData(StatusCode.AlreadyExists)]
    [InlineData(StatusCode.DataLoss)]
    [InlineData(StatusCode.OK)]
    public void WhatDoesNotPassIsPermanent(StatusCode code)
    {
        Assert.False(GeminiFaults.IsTransient(code));
        Assert.False(ToException(code).IsTransient);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, "roles/aiplatform.user", "aiplatform.googleapis.com")]
    [InlineData(StatusCode.Unauthenticated, "Application Default Credentials", "gcloud auth application-default login")]
    [InlineData(StatusCode.NotFound, Model, "A2A:Gemini:Model", "A2A:Gemini:Location")]
    [InlineData(StatusCode.InvalidArgument, "Gemini rejected the request")]
    [InlineData(StatusCode.FailedPrecondition, "Gemini rejected the request")]
    [InlineData(StatusCode.OutOfRange, "Gemini rejected the request")]
    [InlineData(StatusCode.ResourceExhausted, "quota")]
    [InlineData(StatusCode.DeadlineExceeded, "in time")]
    [InlineData(StatusCode.Unavailable, "Unavailable")]
    [InlineData(StatusCode.DataLoss, "DataLoss")]
    public void AMessageSaysWhatHappenedAndWhatCanBeDone(StatusCode code, params string[] words)
    {
        var exception = ToException(code);

        Assert.All([.. words, "What Google says."], word => Assert.Contains(word, exception.Message, StringComparison.Ordinal));
        Assert.Equal(code, exception.StatusCode);
        Assert.IsType<RpcException>(exception.InnerException);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unavailable)]
    public void AMessageWithoutADetailEndsNeatly(StatusCode code)
    {
        var message = GeminiFaults.ToException(new RpcException(new Status(code, "")), Request).Message;

        Assert.Equal(message.TrimEnd(), message);
    }

    [Theory]
    [InlineData("Getting metadata failed: invalid_grant, Bad Request", false)]
    [InlineData("", true)]
    public void CredentialsThatAreRefusedOnTheWayAreNoNetworkThatIsDown(string detail, bool byItsCause)
    {
        var cause = byItsCause ? new IOException("Refused.", Refusal(HttpStatusCode.Unauthorized)) : new IOException("Refused.");

        var exception = GeminiFaults.ToException(new RpcException(new Status(StatusCode.Unavailable, detail, cause)), Request);

        Assert.Equal((StatusCode.Unauthenticated, false), (exception.StatusCode, exception.IsTransient));
        Assert.Contains("gcloud auth application-default login", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public void ATokenServiceThatIsDownPasses(HttpStatusCode status)
    {
        var exception = GeminiFaults.ToException(
            new RpcException(new Status(StatusCode.Unavailable, "No token.", new IOException("Refused.", Refusal(status)))), Request);

        Assert.Equal((StatusCode.Unavailable, true), (exception.StatusCode, exception.IsTransient));
    }

    [Fact]
    public void ANetworkThatIsDownPasses() =>
        Assert.True(GeminiFaults.ToException(
            new RpcException(new Status(StatusCode.Unavailable, "No route.", new IOException("Down."))), Request).IsTransient);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(7, 0, 7)]
    [InlineData(1, 500_000_000, 1.5)]
    [InlineData(0, 999_999_999, 0.9999999)]
    [InlineData(86_400, 0, 86_400)]
    public void TheServiceSaysHowLongItWantsToBeLetAlone(long seconds, int nanos, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), RetryAfter(Detail(RetryInfo, seconds, nanos)));

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(86_401, 0)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void ATimeBeyondMeasureIsADay(long seconds, long nanos) =>
        Assert.Equal(TimeSpan.FromDays(1), RetryAfter(Detail(RetryInfo, seconds, nanos)));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(0, -500_000_000)]
    [InlineData(0, long.MinValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void ATimeInThePastIsNone(long seconds, long nanos) =>
        Assert.Equal(TimeSpan.Zero, RetryAfter(Detail(RetryInfo, seconds, nanos)));

    [Fact]
    public void TheTimeIsFoundAmongOtherDetails() => Assert.Equal(
        TimeSpan.FromSeconds(3),
        RetryAfter(Detail("type.googleapis.com/google.rpc.ErrorInfo", 9, 0), Detail(RetryInfo, 3, 0), Detail(RetryInfo, 5, 0)));

    [Fact]
    public void WhereTheServiceSaysNothingThereIsNoTime()
    {
        Assert.Null(GeminiFaults.RetryAfter(new RpcException(new Status(StatusCode.Unavailable, ""))));
        Assert.Null(GeminiFaults.RetryAfter(
            new RpcException(new Status(StatusCode.Unavailable, ""), new Metadata { { "retry-after", "7" } })));
        Assert.Null(RetryAfter());
        Assert.Null(RetryAfter(Detail("type.googleapis.com/google.rpc.ErrorInfo", 9, 0)));
        Assert.Null(RetryAfter(new Any { TypeUrl = RetryInfo }));
        Assert.Null(RetryAfter(new Any { Value = Detail(RetryInfo, 3, 0).Value }));
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("1A05")]
    [InlineData("1A0208")]
    [InlineData("1801")]
    [InlineData("1A020801")]
    [InlineData("1A0408011001")]
    [InlineData("00")]
    public void GarbageIsNoTime(string hex) => Assert.Null(RetryAfter(Convert.FromHexString(hex)));

    [Fact]
    public void GarbageInTheDetailIsNoTimeEither()
    {
        var type = ByteString.CopyFromUtf8(RetryInfo);
        foreach (var info in (string[])["FF", "0A05", "0801", "0A01FF", "0A0A0A0A0A"])
        {
            var any = new Any { TypeUrl = RetryInfo, Value = ByteString.CopyFrom(Convert.FromHexString(info)) };
            Assert.Null(RetryAfter(any));
        }

        // The type and the value twice, and a duration that says its seconds twice or as text.
        var detail = Detail(RetryInfo, 3, 0);
        NumberedFields.Set(detail, 1000, 1);
        Assert.Equal(TimeSpan.FromSeconds(3), RetryAfter([.. Field(3, [.. Field(1, [.. type]), .. detail.ToByteArray()])]));
        Assert.Equal(
            TimeSpan.FromSeconds(3), RetryAfter(Any(Field(1, [.. Convert.FromHexString("0802"), .. Convert.FromHexString("0803")]))));
        Assert.Equal(TimeSpan.Zero, RetryAfter(Any(Field(1, Field(1, [7])))));
    }

    [Fact]
    public void WhateverBytesComeNothingGoesWrong() => Properties.Hold(
        from depth in Gen.Choose(0, 3)
        from bytes in Gen.Elements<byte>(0, 1, 2, 3, 8, 10, 16, 18, 24, 26, 127, 128, 255).ArrayOf()
        select (depth, bytes),
        garbage =>
        {
            var bytes = garbage.bytes;
            if (garbage.depth > 2)
                bytes = Field(1, bytes);
            if (garbage.depth > 1)
                bytes = Any(bytes);
            if (garbage.depth > 0)
                bytes = garbage.depth > 1 ? bytes : Field(3, bytes);
            Assert.InRange(RetryAfter(bytes) ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(1));
        },
        times: 3_000);

    private static GeminiException ToException(StatusCode code) =>
        GeminiFaults.ToException(new RpcException(new Status(code, "What Google says.")), Request);

    private static TimeSpan? RetryAfter(params Any[] details) =>
        RetryAfter([8, 14, .. details.SelectMany(detail => Field(3, detail.ToByteArray()))]);

    private static TimeSpan? RetryAfter(byte[] status) => GeminiFaults.RetryAfter(
        new RpcException(new Status(StatusCode.ResourceExhausted, "Busy."), new Metadata { { "grpc-status-details-bin", status } }));

    private static Any Detail(string type, long seconds, long nanos) => new()
    {
        TypeUrl = type,
        Value = ByteString.CopyFrom(Field(1, [.. NumberedFields.Encode((1, seconds), (2, nanos))])),
    };

    /// <summary>A status with one detail: a RetryInfo of these bytes.</summary>
    private static byte[] Any(byte[] info) => Field(3, new Any { TypeUrl = RetryInfo, Value = ByteString.CopyFrom(info) }.ToByteArray());

    private static byte[] Field(int number, byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(bytes));
        }

        return stream.ToArray();
    }

    private static TokenResponseException Refusal(HttpStatusCode status) => new(new TokenErrorResponse { Error = "fault" }, status);
}
