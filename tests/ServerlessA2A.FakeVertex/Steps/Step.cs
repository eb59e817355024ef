namespace ServerlessA2A.FakeVertex.Steps;

/// <summary>One thing of a turn.</summary>
internal abstract class Step
{
    /// <summary>Whether the turn finishes after it, where nothing else comes after it.</summary>
    public virtual bool Finishes => false;

    public abstract Task RunAsync(Answer answer);
}
