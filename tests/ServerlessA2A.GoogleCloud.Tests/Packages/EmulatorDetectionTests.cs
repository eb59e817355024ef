using Google.Api.Gax;
using Google.Cloud.Firestore;
using Google.Cloud.PubSub.V1;
using ServerlessA2A.GoogleCloud.Tests.Emulators;

namespace ServerlessA2A.GoogleCloud.Tests.Packages;

/// <summary>Which of the builders' settings go together with the emulator's environment variable.</summary>
public class EmulatorDetectionTests
{
    [Theory]
    [InlineData(EmulatorDetection.EmulatorOnly, null)]
    [InlineData(EmulatorDetection.EmulatorOnly, " ")]
    [InlineData(EmulatorDetection.ProductionOnly, "127.0.0.1:1")]
    public void AContradictionIsRefusedWhenTheClientIsBuilt(EmulatorDetection detection, string? variable) => With(variable, () =>
        Assert.Throws<InvalidOperationException>(() => new FirestoreDbBuilder { ProjectId = "p", EmulatorDetection = detection }.Build()));

    [Theory]
    [InlineData(EmulatorDetection.EmulatorOnly, "127.0.0.1:1")]
    [InlineData(EmulatorDetection.EmulatorOnly, "[::1]:8080")]
    [InlineData(EmulatorDetection.EmulatorOrProduction, "localhost:1")]
    public void TheRestIsFine(EmulatorDetection detection, string? variable) => With(variable, () =>
    {
        var database = new FirestoreDbBuilder { ProjectId = "p", DatabaseId = "d", EmulatorDetection = detection }.Build();

        Assert.Equal(("p", "d"), (database.ProjectId, database.DatabaseId));
        Assert.Equal("projects/p/databases/d/documents/a/b", database.Document("a/b").Path);
    });

    /// <summary>It is what the emulator prints of itself.</summary>
    [Theory]
    [InlineData(EmulatorDetection.EmulatorOnly)]
    [InlineData(EmulatorDetection.EmulatorOrProduction)]
    public void AHostWithABareIPv6AddressIsRefusedWhenTheClientIsBuilt(EmulatorDetection detection) => With("::1:8080", () =>
        Assert.ThrowsAny<Exception>(() => new FirestoreDbBuilder { ProjectId = "p", EmulatorDetection = detection }.Build()));

    [Fact]
    public void AnEmulatorAndAnEndpointContradictEachOther() => With("127.0.0.1:1", () =>
        Assert.Throws<InvalidOperationException>(
            () => new FirestoreDbBuilder
            {
                ProjectId = "p",
                Endpoint = "elsewhere",
                EmulatorDetection = EmulatorDetection.EmulatorOnly
            }.Build()));

    [Fact]
    public void TheVariableIsIgnoredUnlessItIsAskedFor() =>
        Assert.Equal(EmulatorDetection.None, new PublisherServiceApiClientBuilder().EmulatorDetection);

    private static void With(string? host, Action act) => SharedEmulator.Firestore.With(host, () =>
    {
        act();
        return true;
    });
}
