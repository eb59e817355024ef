using Google.Api.Gax;
using Google.Cloud.Firestore;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Emulators;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>Stores on the emulator.</summary>
internal static class TestStores
{
    /// <summary>A store in a database of its own, or in that of a project, perhaps by way of another address such as a proxy's.</summary>
    public static async Task<FirestoreTaskStore> CreateAsync(
        TimeProvider time, string? project = null, string? host = null, TimeSpan? timeout = null, int? shards = null)
    {
        var database = await ConnectAsync(project, host);
        var options = new GoogleCloudOptions { ProjectId = database.ProjectId, RequestTimeout = timeout ?? TimeSpan.FromSeconds(30) };
        options.Shards = shards ?? options.Shards;
        return new FirestoreTaskStore(database, time, () => Guid.NewGuid().ToString("N"), Options.Create(options));
    }

    public static async Task<FirestoreDb> ConnectAsync(string? project = null, string? host = null)
    {
        var emulator = await SharedEmulator.Firestore.HostAsync();
        return SharedEmulator.Firestore.With(host ?? emulator, () =>
            new FirestoreDbBuilder
            {
                ProjectId = project ?? TestProject.NewId(),
                EmulatorDetection = EmulatorDetection.EmulatorOnly
            }.Build());
    }
}
