using Google.Cloud.Firestore;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

public class ValueTests : FirestoreTest
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    public static TheoryData<object?, object?> Values => new()
    {
        { null, null },
        { true, true },
        { 42, 42L },
        { long.MaxValue, long.MaxValue },
        { long.MinValue, long.MinValue },
        { 1.5, 1.5 },
        { 2.0, 2.0 },
        { double.NaN, double.NaN },
        { double.NegativeInfinity, double.NegativeInfinity },
        { "", "" },
        { "Grüße, \"世界\" \u0001 <&> 😀", "Grüße, \"世界\" \u0001 <&> 😀" },
        { new byte[] { 0, 255, 1 }, Blob.CopyFrom([0, 255, 1]) },
        { Array.Empty<byte>(), Blob.CopyFrom([]) },
        { Blob.CopyFrom([7]), Blob.CopyFrom([7]) },
        { Noon, Timestamp.FromDateTime(Noon) },
        { new DateTimeOffset(Noon).AddTicks(1_234_560).ToOffset(TimeSpan.FromHours(3)), Timestamp.FromDateTime(Noon.AddTicks(1_234_560)) },
        { new List<object> { "a", 1L, false }, new List<object> { "a", 1L, false } },
        { new[] { "a", "b" }, new List<object> { "a", "b" } },
        { Array.Empty<string>(), new List<object>() },
        { new Dictionary<string, object>(), new Dictionary<string, object>() },
        { new Dictionary<string, object> { ["a.b"] = new Dictionary<string, object> { ["`"] = 1L } },
        new Dictionary<string, object> { ["a.b"] = new Dictionary<string, object> { ["`"] = 1L } } },
        { new Dictionary<string, string> { ["a"] = "b" }, new Dictionary<string, object> { ["a"] = "b" } },
    };

    [SkippableTheory]
    [MemberData(nameof(Values))]
    public async Task AValueComesBackAsTheServiceKeepsIt(object? value, object? kept)
    {
        var document = Tasks.Document("value");

        await document.SetAsync(Fields(("field", value)));
        var snapshot = await document.GetSnapshotAsync();

        Assert.Equal(kept, snapshot.GetValue<object>("field"));
        Assert.Equal(kept, snapshot.ToDictionary()["field"]);
    }
}
