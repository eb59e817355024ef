using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Tests.Support;
using static Google.Cloud.AIPlatform.V1.PredictionServiceClient;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

/// <summary>A model of the test's own, and a client of it.</summary>
public abstract class AIPlatformTest : IAsyncLifetime
{
    private protected FakeVertexAI Vertex { get; private set; } = null!;

    private protected PredictionServiceClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Vertex = await FakeVertexAI.StartAsync();
        Client = Connect();
    }

    public Task DisposeAsync() => Vertex.DisposeAsync().AsTask().WithinLimit("the end of the fake model");

    private protected PredictionServiceClient Connect(PredictionServiceSettings? settings = null) =>
        new PredictionServiceClientBuilder
        {
            Endpoint = Vertex.Endpoint,
            ChannelCredentials = ChannelCredentials.Insecure,
            Settings = settings
        }.Build();

    private protected static GenerateContentRequest Ask(params Part[] parts) => new()
    {
        Model = EndpointName.FormatProjectLocationPublisherModel("p", "europe-west1", "google", "gemini-3.5-flash"),
        Contents = { new Content { Role = "user", Parts = { parts } } },
    };

    private protected static GenerateContentRequest Ask(string text) => Ask(new Part { Text = text });

    private protected static string Text(GenerateContentResponse response) =>
        string.Concat(response.Candidates.SelectMany(candidate => candidate.Content.Parts).Select(part => part.Text));

    private protected static async Task<List<GenerateContentResponse>> ReadAsync(StreamGenerateContentStream stream)
    {
        List<GenerateContentResponse> messages = [];
        using (stream)
        {
            await foreach (var message in stream.GetResponseStream())
                messages.Add(message);
        }
        return messages;
    }

    /// <summary>What a call fails with, when its answer is read.</summary>
    private protected static Task<RpcException> FailureOfAsync(StreamGenerateContentStream stream) =>
        Assert.ThrowsAsync<RpcException>(() => ReadAsync(stream)).WithinLimit("the failure of the call");

    /// <summary>How a call ended, as the model has it.</summary>
    private protected static Task<CallEnd> EndOfAsync(ModelCall call) => call.Ended.WithinLimit("the end of the call at the model");
}
