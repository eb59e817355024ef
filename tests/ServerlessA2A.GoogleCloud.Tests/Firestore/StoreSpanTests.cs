using System.Diagnostics;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>Each call of Firestore is a span, which holds ids and no content.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class StoreSpanTests
{
    [SkippableFact]
    public async Task EachCallIsASpanOfItsOperation()
    {
        var store = await TestStores.CreateAsync(TimeProvider.System);
        var task = TestTasks.New("a secret text");
        using var telemetry = CollectedTelemetry.Start();

        await store.CreateAsync(task, default);
        await store.ReadAsync(task.Snapshot.Owner, task.Snapshot.Id, default);
        await store.ReadAsync(null, task.Snapshot.Id, default);
        await store.CountUnfinishedAsync(null, 5, default);

        Assert.Equal(["commit", "query", "get", "count"], telemetry.Spans.Select(span => span.DisplayName));
        Assert.All(telemetry.Spans, span =>
        {
            Assert.Equal((ActivityKind.Client, "gcp.firestore"), (span.Kind, span.GetTagItem("db.system.name")));
            Assert.Equal(span.DisplayName, span.GetTagItem("db.operation.name"));
            Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal));
        });
        Assert.Equal($"create task {task.Snapshot.Id}", telemetry.Span("commit").GetTagItem("a2a.store.action"));
        Assert.NotEmpty(telemetry.Measured("a2a.firestore.document.reads"));
        Assert.NotEmpty(telemetry.Measured("a2a.firestore.document.writes"));
    }

    [Fact]
    public async Task ACallThatFailsHasItsStatus()
    {
        using var telemetry = CollectedTelemetry.Start();
        var calls = new FirestoreCalls(TimeSpan.FromSeconds(30), TimeProvider.System);

        await Assert.ThrowsAsync<TaskStoreException>(() => calls.ReadAsync<int>(
            "get", "read", _ => throw new RpcException(new Status(StatusCode.PermissionDenied, "no")), default));

        var span = Assert.Single(telemetry.Spans);
        Assert.Equal((ActivityStatusCode.Error, "PermissionDenied"), (span.Status, span.GetTagItem("error.type")));
    }
}
