using ServerlessA2A.FakeVertex;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>The agent that ships as it is deployed, with a model on loopback in the place of Vertex AI.</summary>
public sealed class GeminiDeployment : IAsyncLifetime
{
    private Task<Deployment>? _started;

    public FakeVertexAI Vertex { get; private set; } = null!;

    public async Task InitializeAsync() => Vertex = await FakeVertexAI.StartAsync();

    public async Task DisposeAsync()
    {
        await Vertex.DisposeAsync();
        if (_started is { IsCompletedSuccessfully: true })
            await (await _started).DisposeAsync();
    }

    internal Task<Deployment> StartedAsync() => _started ??= Deployment.StartAsync(settings:
    [
        ("A2A__Gemini__Model", "gemini-test"),
        ("A2A__Gemini__Endpoint", Vertex.Endpoint),
        ("A2A__Gemini__ResponseModalities__0", "Text"),
        ("A2A__Gemini__ResponseModalities__1", "Image"),
    ]);
}
