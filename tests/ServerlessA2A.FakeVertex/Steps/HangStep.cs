namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>Nothing more until the call is over.</summary>
internal sealed class HangStep : Step
{
    public override Task RunAsync(Answer answer) => Task.Delay(Timeout.Infinite, answer.Over);
}
