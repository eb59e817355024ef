using System.Diagnostics;

namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>
/// A client that reads a stream of events: it keeps nothing but when the first artifact came, and whether the task was done.
/// </summary>
internal sealed class AnswerBody : Stream
{
    private readonly TaskCompletionSource<long> _firstArtifact = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The time stamp of the first artifact.</summary>
    public Task<long> FirstArtifact => _firstArtifact.Task;

    public bool IsCompleted { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!FirstArtifact.IsCompleted && buffer.IndexOf("\"artifactUpdate\""u8) >= 0)
            _firstArtifact.SetResult(Stopwatch.GetTimestamp());
        IsCompleted |= buffer.IndexOf("TASK_STATE_COMPLETED"u8) >= 0;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
