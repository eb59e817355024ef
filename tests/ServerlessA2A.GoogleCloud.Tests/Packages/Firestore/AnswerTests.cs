using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

/// <summary>
/// What the stand-in does with answers that the emulator does not give. Google's package retries in its own way, so where it is
/// referenced there is nothing to test.
/// </summary>
public class AnswerTests : FirestoreTest
{
    public static TheoryData<StatusCode, int> Statuses => new()
    {
        { StatusCode.PermissionDenied, 1 },
        { StatusCode.FailedPrecondition, 1 },
        { StatusCode.Aborted, 1 },
        { StatusCode.AlreadyExists, 1 },
        { StatusCode.Unauthenticated, 1 },
        { StatusCode.ResourceExhausted, 5 },
        { StatusCode.Unavailable, 5 },
        { StatusCode.DeadlineExceeded, 1 },
        { StatusCode.Internal, 1 },
    };

    [SkippableTheory]
    [MemberData(nameof(Statuses))]
    public async Task ACommitIsRetriedAfterStatusesThatPass(StatusCode status, int attempts)
    {
        StandIns.Require();
        await using var server = await AnsweringServer.StartHttp2Async(context => FailAsync(context, status));

        await AssertCommitFailsAsync(server, status, attempts);
    }

    [SkippableTheory]
    [InlineData(502, "<html>a proxy</html>", StatusCode.Unavailable, 5)]
    [InlineData(404, "", StatusCode.Unimplemented, 1)]
    [InlineData(200, "<html>a portal</html>", StatusCode.Cancelled, 1)]
    public async Task AnAnswerThatIsNoGrpcFailsAsItsHttpStatusSays(int status, string body, StatusCode expected, int attempts)
    {
        StandIns.Require();
        await using var server = await AnsweringServer.StartHttp2Async(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(body);
        });

        await AssertCommitFailsAsync(server, expected, attempts);
    }

    [SkippableFact]
    public async Task AQueryIsNotTriedAgainAndAReadIs()
    {
        StandIns.Require();
        await using var server = await AnsweringServer.StartHttp2Async(context => FailAsync(context, StatusCode.Unavailable));
        var collection = Connect(server.Host, "p").Collection("a");

        await Assert.ThrowsAsync<RpcException>(() => collection.GetSnapshotAsync());
        await Assert.ThrowsAsync<RpcException>(() => collection.Document("b").GetSnapshotAsync());

        Assert.Equal(
            ["/RunQuery", .. Enumerable.Repeat("/BatchGetDocuments", 5)],
            server.Requests.Select(request => request.Path[request.Path.LastIndexOf('/')..]));
    }

    [SkippableFact]
    public async Task ACallThatHangsIsCancelled()
    {
        StandIns.Require();
        await using var server = await AnsweringServer.StartHttp2Async(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var cancellation = new CancellationTokenSource();

        var call = Connect(server.Host, "p").Document("a/b").GetSnapshotAsync(cancellation.Token);
        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    private static async Task AssertCommitFailsAsync(AnsweringServer server, StatusCode expected, int attempts)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => Connect(server.Host, "p").Document("a/b").SetAsync(Fields(("a", 1))));

        Assert.Equal(expected, failure.StatusCode);
        Assert.Equal(Enumerable.Repeat(("/google.firestore.v1.Firestore/Commit", "Bearer owner"), attempts), server.Requests!);
    }

    private static Task FailAsync(HttpContext context, StatusCode status)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = $"{(int)status}";
        return Task.CompletedTask;
    }
}
