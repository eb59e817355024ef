using System.Threading.Channels;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

/// <summary>What a listener was called with, one after the other.</summary>
internal sealed class Recorded<T>
{
    // Longer than a listener may wait before it connects again, which is half a minute.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(2);

    private readonly Channel<T> channel = Channel.CreateUnbounded<T>();

    public bool IsEmpty => channel.Reader.Count == 0;

    public Task AddAsync(T item, CancellationToken cancellationToken) => channel.Writer.WriteAsync(item, cancellationToken).AsTask();

    public Task<T> NextAsync() => channel.Reader.ReadAsync().AsTask().WaitAsync(Guard);

    public async Task<T> UntilAsync(Predicate<T> condition)
    {
        while (true)
        {
            var item = await NextAsync();
            if (condition(item))
                return item;
        }
    }
}
