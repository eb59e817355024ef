using Grpc.Core;

namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>Ends with a status.</summary>
internal sealed class FailStep(StatusCode code, string message, TimeSpan? retryAfter) : Step
{
    public override Task RunAsync(Answer answer) => answer.EndAsync(code, message, retryAfter);
}
