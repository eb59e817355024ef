namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>Bytes in the place of a message.</summary>
internal sealed class RawStep(byte[] bytes) : Step
{
    public override Task RunAsync(Answer answer) => answer.SendAsync(bytes);
}
