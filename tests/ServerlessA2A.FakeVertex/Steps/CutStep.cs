namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>Breaks the call off: its stream where there is an error code for that, otherwise the whole connection.</summary>
internal sealed class CutStep(int? errorCode) : Step
{
    public override Task RunAsync(Answer answer)
    {
        answer.Cut(errorCode);
        return Task.CompletedTask;
    }
}
