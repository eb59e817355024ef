using System.Diagnostics;
using Google.Cloud.Firestore;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

/// <summary>
/// What the stand-in makes of answers that the emulator does not give. Google's package does not speak this protocol, so
/// where it is referenced there is nothing to test.
/// </summary>
public class AnswerTests : FirestoreTest
{
    public static TheoryData<int, string, StatusCode, int> Answers => new()
    {
        { 403, """{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}}""", StatusCode.PermissionDenied, 1 },
        { 400, """[{"error":{"code":400,"message":"no","status":"FAILED_PRECONDITION"}}]""", StatusCode.FailedPrecondition, 1 },
        { 409, """{"error":{"code":409,"message":"no","status":"ABORTED"}}""", StatusCode.Aborted, 1 },
        { 409, """{"error":{"code":409,"message":"no","status":"ALREADY_EXISTS"}}""", StatusCode.AlreadyExists, 1 },
        { 401, """{"error":{"code":401,"message":"no","status":"UNAUTHENTICATED"}}""", StatusCode.Unauthenticated, 1 },
        { 429, """{"error":{"code":429,"message":"no","status":"RESOURCE_EXHAUSTED"}}""", StatusCode.ResourceExhausted, 5 },
        { 503, """{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}""", StatusCode.Unavailable, 5 },
        { 504, """{"error":{"code":504,"message":"no","status":"DEADLINE_EXCEEDED"}}""", StatusCode.DeadlineExceeded, 1 },
        { 502, "<html>a proxy</html>", StatusCode.Unavailable, 5 },
        { 404, "", StatusCode.NotFound, 1 },
        { 200, "<html>a portal</html>", StatusCode.Unavailable, 5 },
        { 200, """[{"error":{"code":500,"message":"no","status":"INTERNAL"}}]""", StatusCode.Internal, 1 },
    };

    [SkippableTheory]
    [MemberData(nameof(Answers))]
    public async Task ARefusalHasItsStatusAndACommitIsTriedAgainAfterPassingOnes(int status, string body, StatusCode expected, int attempts)
    {
        SkipWithoutStandIn();
        await using var server = await AnsweringServer.StartAsync(status, body);

        var failure = await Assert.ThrowsAsync<RpcException>(() => Connect(server.Host, "p").Document("a/b").SetAsync(Fields(("a", 1))));

        Assert.Equal(expected, failure.StatusCode);
        Assert.Equal(Enumerable.Repeat(("/v1/projects/p/databases/(default)/documents:commit", "Bearer owner"), attempts), server.Requests!);
    }

    [SkippableFact]
    public async Task AQueryIsNotTriedAgainAndAReadIs()
    {
        SkipWithoutStandIn();
        await using var server = await AnsweringServer.StartAsync(503, "");
        var collection = Connect(server.Host, "p").Collection("a");

        await Assert.ThrowsAsync<RpcException>(() => collection.GetSnapshotAsync());
        await Assert.ThrowsAsync<RpcException>(() => collection.Document("b").GetSnapshotAsync());

        Assert.Equal([":runQuery", .. Enumerable.Repeat(":batchGet", 5)], server.Requests.Select(request => request.Path[request.Path.LastIndexOf(':')..]));
    }

    [SkippableFact]
    public async Task ACallThatHangsIsCancelled()
    {
        SkipWithoutStandIn();
        await using var server = await AnsweringServer.StartAsync(200, "", hangs: true);
        using var cancellation = new CancellationTokenSource();

        var call = Connect(server.Host, "p").Document("a/b").GetSnapshotAsync(cancellation.Token);
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    private static void SkipWithoutStandIn() => Skip.IfNot(
        FileVersionInfo.GetVersionInfo(typeof(FirestoreDb).Assembly.Location).ProductName?.StartsWith("Stand-in", StringComparison.Ordinal) == true,
        "Google.Cloud.Firestore is Google's own here.");
}
