using Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>A message, which is completed by the turn's end where it is the last.</summary>
internal sealed class MessageStep(GenerateContentResponse response) : Step
{
    public GenerateContentResponse Response { get; } = response;

    public bool IsOfCalls => Response.Candidates is [{ Content.Parts: [.., { FunctionCall: not null }] }];

    public override Task RunAsync(Answer answer) => answer.SendAsync(Response);
}
