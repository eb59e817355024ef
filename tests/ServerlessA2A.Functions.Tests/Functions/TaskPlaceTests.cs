using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.Functions.Tests.Functions;

public class TaskPlaceTests
{
    private const string Deployed = "K_SERVICE=message";
    private const string Project = "A2A:GoogleCloud:ProjectId=p";
    private const string Firestore = "FIRESTORE_EMULATOR_HOST=127.0.0.1:1";
    private const string PubSub = "PUBSUB_EMULATOR_HOST=127.0.0.1:2";
    private const string SaidInMemory = "A2A:Tasks:Store=InMemory";
    private const string SaidPostgreSql = "A2A:Tasks:Store=PostgreSql";
    private const string SaidGoogleCloud = "A2A:Tasks:Store=GoogleCloud";

    [Theory]
    [InlineData(nameof(TaskPlace.InMemory))]
    [InlineData(nameof(TaskPlace.InMemory), "GOOGLE_CLOUD_PROJECT=p")]
    [InlineData(nameof(TaskPlace.InMemory), "FIRESTORE_EMULATOR_HOST=", "A2A:Tasks:Store=")]
    [InlineData(nameof(TaskPlace.InMemory), SaidInMemory, Project, Firestore)]
    [InlineData(nameof(TaskPlace.InMemory), "A2A:Tasks:Store=inmemory", Firestore, PubSub)]
    [InlineData(nameof(TaskPlace.GoogleCloud), Deployed)]
    [InlineData(nameof(TaskPlace.GoogleCloud), Project)]
    [InlineData(nameof(TaskPlace.GoogleCloud), SaidGoogleCloud)]
    [InlineData(nameof(TaskPlace.LocalPostgreSql), SaidPostgreSql)]
    [InlineData(nameof(TaskPlace.LocalPostgreSql), "A2A:PostgreSql:ConnectionString=Host", Firestore)]
    [InlineData(nameof(TaskPlace.PostgreSql), "A2A:Tasks:Store=postgresql", Deployed)]
    [InlineData(nameof(TaskPlace.PostgreSql), SaidPostgreSql, Project)]
    [InlineData(nameof(TaskPlace.PostgreSql), SaidPostgreSql, PubSub)]
    [InlineData(nameof(TaskPlace.GoogleCloud), SaidGoogleCloud, "A2A:PostgreSql:ConnectionString=Host")]
    [InlineData(nameof(TaskPlace.Emulators), Firestore, PubSub)]
    [InlineData(nameof(TaskPlace.Emulators), "FIRESTORE_EMULATOR_HOST=[::1]:8080", "PUBSUB_EMULATOR_HOST=localhost:8085")]
    [InlineData(nameof(TaskPlace.Emulators), SaidGoogleCloud, Firestore, PubSub)]
    [InlineData(nameof(TaskPlace.Emulators), Deployed, Project, Firestore, PubSub)]
    public void TasksAreWhereTheSettingsPoint(string place, params string[] settings) =>
        Assert.Equal(Enum.Parse<TaskPlace>(place), TaskPlaces.Choose(Settings(settings)));

    [Theory]
    [InlineData("K_SERVICE", SaidInMemory, Deployed)]
    [InlineData("PUBSUB_EMULATOR_HOST is not", Firestore)]
    [InlineData("FIRESTORE_EMULATOR_HOST is not", PubSub, Deployed)]
    [InlineData("Set [::1]:8080", "FIRESTORE_EMULATOR_HOST=::1:8080", PubSub)]
    [InlineData("Set [::1]:8085", Firestore, "PUBSUB_EMULATOR_HOST=::1:8085")]
    [InlineData("Set [::1]:8085", SaidPostgreSql, "PUBSUB_EMULATOR_HOST=::1:8085")]
    [InlineData("'Redis'", "A2A:Tasks:Store=Redis")]
    public void AContradictionIsRefused(string told, params string[] settings) =>
        Assert.Contains(
            told, Assert.Throws<StartFaultException>(() => TaskPlaces.Choose(Settings(settings))).Message, StringComparison.Ordinal);

    private static IConfiguration Settings(string[] settings) => new ConfigurationBuilder().AddInMemoryCollection(
        settings.Select(setting => setting.Split('=')).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
}
