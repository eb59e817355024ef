using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Transport;

namespace Google.Cloud.Firestore;

/// <summary>Makes a <see cref="FirestoreDb"/>, with Application Default Credentials unless it is on the emulator.</summary>
public sealed class FirestoreDbBuilder : ClientBuilderBase<FirestoreDb>
{
    public FirestoreDbBuilder() : base("firestore.googleapis.com", "FIRESTORE_EMULATOR_HOST")
    {
    }

    /// <summary>Required: the stand-in does not ask the machine it runs on.</summary>
    public string? ProjectId { get; set; }

    /// <summary>Null for the default one.</summary>
    public string? DatabaseId { get; set; }

    public new EmulatorDetection EmulatorDetection
    {
        get => base.EmulatorDetection;
        set => base.EmulatorDetection = value;
    }

    public override FirestoreDb Build() => Over(Connect());

    public override async Task<FirestoreDb> BuildAsync(CancellationToken cancellationToken = default) => Over(await ConnectAsync(cancellationToken));

    private FirestoreDb Over(ServiceConnection connection) => new(
        ProjectId ?? throw new InvalidOperationException($"{nameof(FirestoreDbBuilder)}.{nameof(ProjectId)} must be set: the stand-in for Google.Cloud.Firestore does not detect it."),
        DatabaseId ?? "(default)",
        connection);
}
