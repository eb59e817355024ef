namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>Answers without gRPC.</summary>
internal sealed class HttpStep(int status, string contentType, string body) : Step
{
    public override Task RunAsync(Answer answer) => answer.EndAsync(status, contentType, body);
}
