using Google.Api.Gax;
using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Tests.Emulators;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

/// <summary>
/// A database of its own on the emulator, through the package or its stand-in alike. One test at a time: a listener that goes
/// away in one of them fails commits in all others, see <see cref="ThroughAsync"/>.
/// </summary>
[Collection(nameof(FirestoreTest))]
public abstract class FirestoreTest : IAsyncLifetime
{
    protected FirestoreDb Database { get; private set; } = null!;

    protected CollectionReference Tasks => Database.Collection("tasks");

    protected string EmulatorHost { get; private set; } = "";

    public async Task InitializeAsync()
    {
        EmulatorHost = await SharedEmulator.Firestore.HostAsync();
        Database = Connect(EmulatorHost);
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A database by way of another address, such as a proxy's; the variable is read when it is built.</summary>
    protected static FirestoreDb Connect(string host, string? projectId = null) => SharedEmulator.Firestore.With(host, () =>
        new FirestoreDbBuilder
        {
            ProjectId = projectId ?? TestProject.NewId(),
            EmulatorDetection = EmulatorDetection.EmulatorOnly
        }.Build());

    /// <summary>
    /// A write beside which listeners come and go. The emulator tells them of it within the commit: where one has just gone
    /// it answers Cancelled, after the commit took effect.
    /// </summary>
    protected static async Task ThroughAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            // It took effect.
        }
    }

    protected static Dictionary<string, object> Fields(params IEnumerable<(string Name, object? Value)> fields) =>
        fields.ToDictionary(field => field.Name, field => field.Value!);
}
