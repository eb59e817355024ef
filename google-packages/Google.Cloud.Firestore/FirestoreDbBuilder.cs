using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Grpc.Core;

namespace Google.Cloud.Firestore;

/// <summary>Builds a <see cref="FirestoreDb"/>.</summary>
public sealed class FirestoreDbBuilder : ClientBuilderBase<FirestoreDb>
{
    public FirestoreDbBuilder() : base("firestore.googleapis.com", "FIRESTORE_EMULATOR_HOST", FirestoreDb.Retried)
    {
    }

    /// <summary>Required: the stand-in does not detect it.</summary>
    public string? ProjectId { get; set; }

    /// <summary>Default: (default).</summary>
    public string? DatabaseId { get; set; }

    public new EmulatorDetection EmulatorDetection
    {
        get => base.EmulatorDetection;
        set => base.EmulatorDetection = value;
    }

    public override FirestoreDb Build() => Over(CreateCallInvoker());

    public override async Task<FirestoreDb> BuildAsync(CancellationToken cancellationToken = default) => Over(await CreateCallInvokerAsync(cancellationToken));

    private FirestoreDb Over(CallInvoker invoker) => new(
        ProjectId ?? throw new InvalidOperationException($"{nameof(FirestoreDbBuilder)}.{nameof(ProjectId)} must be set: the stand-in for Google.Cloud.Firestore does not detect it."),
        DatabaseId ?? "(default)",
        invoker,
        isEmulator: Emulator is not null);
}
