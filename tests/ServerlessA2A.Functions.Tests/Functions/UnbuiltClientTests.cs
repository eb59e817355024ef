using System.Net;
using System.Text.Json;
using Google.Api.Gax;
using Google.Cloud.Firestore;
using Google.Cloud.PubSub.V1;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud;
using ServerlessA2A.GoogleCloud.Tests.Emulators;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>A function whose Firestore client cannot be built yet, as with Google's own builder where there are no credentials.</summary>
public class UnbuiltClientTests : FunctionTest<MessageFunction>
{
    private readonly Clients _clients;

    public UnbuiltClientTests()
        : this(new Clients())
    {
    }

    private UnbuiltClientTests(Clients clients)
        : base(new TestSetup(
            ("A2A:Tasks:Store", "GoogleCloud"), ("A2A:GoogleCloud:ProjectId", clients.Project), ("FIRESTORE_EMULATOR_HOST", ""),
            ("PUBSUB_EMULATOR_HOST", ""))
        {
            Services = services => services.AddSingleton(_ => clients.BuildDatabase()).AddSingleton(_ => clients.Publisher!)
                // A machine that is busy with other tests is no fault of the emulators.
                .PostConfigure<GoogleCloudOptions>(options => options.RequestTimeout = TimeSpan.FromSeconds(30)),
        }) => _clients = clients;

    [SkippableFact]
    public async Task TheNextRequestIsServedWhenTheClientCanBeBuilt()
    {
        await _clients.ConnectAsync();
        using var card = await SendAsync(HttpMethod.Get, "/.well-known/agent-card.json");
        using var refused = await SendAsync(HttpMethod.Post, "/", Requests.Json(Requests.Send("hello", returnImmediately: true)));
        using var error = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        using var client = Server.CreateClient();

        _clients.HasCredentials = true;
        var tasks = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => client.CallAsync(Requests.Send("hello", returnImmediately: true))));

        Assert.Equal(HttpStatusCode.OK, card.StatusCode);
        Assert.Contains(
            "temporarily unavailable", error.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.All(tasks, task => Assert.Equal("TASK_STATE_SUBMITTED", task.GetProperty("task").State()));
        Assert.Equal(1, _clients.Built);
    }

    /// <summary>The clients, on the emulators.</summary>
    private sealed class Clients
    {
        private int _built;
        private string _firestore = "";

        public string Project { get; } = TestProject.NewId();

        public PublisherServiceApiClient? Publisher { get; private set; }

        public bool HasCredentials { get; set; }

        public int Built => _built;

        public async Task ConnectAsync()
        {
            _firestore = await SharedEmulator.Firestore.HostAsync();
            Publisher = SharedEmulator.PubSub.With(
                await SharedEmulator.PubSub.HostAsync(),
                () => new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build());
            await Publisher.CreateTopicAsync(new TopicName(Project, "a2a-tasks"), CancellationToken.None);
        }

        public FirestoreDb BuildDatabase()
        {
            if (!HasCredentials)
                throw new InvalidOperationException("Your default credentials were not found.");
            Interlocked.Increment(ref _built);
            return SharedEmulator.Firestore.With(
                _firestore,
                () => new FirestoreDbBuilder { ProjectId = Project, EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build());
        }
    }
}
