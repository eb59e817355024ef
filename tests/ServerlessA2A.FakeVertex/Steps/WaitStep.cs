namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>Nothing until a task has ended, however it ended.</summary>
internal sealed class WaitStep(Task until) : Step
{
    public override bool Finishes => true;

    public override async Task RunAsync(Answer answer)
    {
        await until.WaitAsync(answer.Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        answer.Over.ThrowIfCancellationRequested();
    }
}
