using System.Collections;

namespace ServerlessA2A.Webhooks;

/// <summary>The last attempts to deliver to a webhook, oldest first. Two are equal where their attempts are.</summary>
/// <param name="attempts">The attempts; of more than <see cref="Max"/>, the last.</param>
public sealed class DeliveryAttempts(IEnumerable<DeliveryAttempt> attempts) : IReadOnlyList<DeliveryAttempt>, IEquatable<DeliveryAttempts>
{
    /// <summary>How many attempts are retained.</summary>
    public const int Max = 10;

    private readonly DeliveryAttempt[] _last = [.. attempts.TakeLast(Max)];

    /// <summary>No attempt.</summary>
    public static DeliveryAttempts None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _last.Length;

    /// <inheritdoc/>
    public DeliveryAttempt this[int index] => _last[index];

    /// <summary>These attempts and one more.</summary>
    public DeliveryAttempts With(DeliveryAttempt attempt) => new([.. _last, attempt]);

    /// <inheritdoc/>
    public bool Equals(DeliveryAttempts? other) => other is not null && _last.AsSpan().SequenceEqual(other._last);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeliveryAttempts);

    /// <inheritdoc/>
    public override int GetHashCode() => _last is [.., var newest] ? newest.GetHashCode() : 0;

    /// <inheritdoc/>
    public IEnumerator<DeliveryAttempt> GetEnumerator() => _last.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
