namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>What a send says beside its text.</summary>
public sealed record SendOptions
{
    public bool Wait { get; init; } = true;

    public string MessageId { get; init; } = Guid.NewGuid().ToString();

    public string? TaskId { get; init; }

    public string? ContextId { get; init; }

    public string? Tenant { get; init; }

    public int? HistoryLength { get; init; }

    /// <summary>The address of a webhook.</summary>
    public string? Webhook { get; init; }
}
