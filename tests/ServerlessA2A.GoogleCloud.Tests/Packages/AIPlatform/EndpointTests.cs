using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

/// <summary>Which address a client turns to, and how.</summary>
public class EndpointTests : AIPlatformTest
{
    [Fact]
    public async Task ABareHostIsSpokenToInTheClearWithInsecureCredentials()
    {
        Vertex.Enqueue(ModelTurn.Say("Hello"));
        var client = await new PredictionServiceClientBuilder
        {
            Endpoint = Host,
            ChannelCredentials = ChannelCredentials.Insecure
        }.BuildAsync();

        Assert.Equal("Hello", Text(await client.GenerateContentAsync(Ask("Hi"))));
    }

    [Fact]
    public async Task ABareHostIsSpokenToWithTlsWithSecureOnes()
    {
        var client = new PredictionServiceClientBuilder { Endpoint = Host, ChannelCredentials = ChannelCredentials.SecureSsl }.Build();

        var failure = await Assert.ThrowsAsync<RpcException>(() => client.GenerateContentAsync(Ask("Hi")))
            .WithinLimit("the failure of the call");

        // It is not there with TLS.
        Assert.Contains(failure.StatusCode, new[] { StatusCode.Unavailable, StatusCode.Internal });
        Assert.Empty(Vertex.Calls);
    }

    [Theory]
    [InlineData("https://127.0.0.1:1", false)]
    [InlineData("http://127.0.0.1:1", true)]
    public void ASchemeThatContradictsTheCredentialsIsRefusedWhenTheClientIsBuilt(string endpoint, bool isSecure) =>
        Assert.Throws<InvalidOperationException>(() =>
            new PredictionServiceClientBuilder
            {
                Endpoint = endpoint,
                ChannelCredentials = isSecure ? ChannelCredentials.SecureSsl
                : ChannelCredentials.Insecure
            }.Build());

    [Fact]
    public void NamesArePutTogether()
    {
        var model = EndpointName.FromProjectLocationPublisherModel("p", "global", "google", "gemini-3.6-flash");

        Assert.Equal("projects/p/locations/global/publishers/google/models/gemini-3.6-flash", model.ToString());
        Assert.Equal(model.ToString(), EndpointName.FormatProjectLocationPublisherModel("p", "global", "google", "gemini-3.6-flash"));
        Assert.Equal(
            "projects/p/locations/us-central1/endpoints/123", EndpointName.FormatProjectLocationEndpoint("p", "us-central1", "123"));
        Assert.ThrowsAny<ArgumentException>(() => EndpointName.FormatProjectLocationEndpoint("", "us-central1", "123"));
    }

    private string Host => new Uri(Vertex.Endpoint).Authority;
}
