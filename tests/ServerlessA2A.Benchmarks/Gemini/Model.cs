using Google.Cloud.AIPlatform.V1;
using Grpc.Core;

namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>The fake model, as its callers know it.</summary>
/// <param name="endpoint">Where it is.</param>
internal sealed class Model(string endpoint)
{
    private const string Name = "gemini-3.5-flash";
    private const string Project = "p";

    private readonly PredictionServiceClient _client =
        new PredictionServiceClientBuilder { Endpoint = endpoint, ChannelCredentials = ChannelCredentials.Insecure }.Build();

    /// <summary>The settings of an agent that calls it.</summary>
    public (string Name, string Value)[] Settings =>
        [("A2A:Gemini:Model", Name), ("A2A:Gemini:ProjectId", Project), ("A2A:Gemini:Endpoint", endpoint)];

    /// <summary>The reference: a call through Google's client, with nothing around it.</summary>
    public PredictionServiceClient.StreamGenerateContentStream Stream(string text) =>
        _client.StreamGenerateContent(new GenerateContentRequest
        {
            Model = EndpointName.FormatProjectLocationPublisherModel(Project, "global", "google", Name),
            Contents = { new Content { Role = "user", Parts = { new Part { Text = text } } } },
        });
}
