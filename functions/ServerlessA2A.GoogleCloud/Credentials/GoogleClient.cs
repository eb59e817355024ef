using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Credentials;

/// <summary>
/// A client of one of Google's services, built when it is first used: one for all callers. A build that failed is repeated by the next caller.
/// </summary>
/// <param name="service">The service's name, for messages.</param>
/// <param name="build">Builds the client, without waiting for the network.</param>
internal sealed class GoogleClient<T>(string service, Func<T> build)
    where T : class
{
    private readonly Lock _lock = new();
    private volatile T? _client;

    /// <summary>Returns the client.</summary>
    /// <exception cref="TaskStoreException">It could not be built.</exception>
    public T Get()
    {
        if (_client is { } built)
            return built;
        lock (_lock)
        {
            try
            {
                return _client ??= build();
            }
            catch (Exception failure)
            {
                // A client that somebody else registered may look for credentials while it is built, and throws this where there are none.
                var remedy = failure is InvalidOperationException ? $" {DefaultCredential.Remedy}" : "";
                throw new TaskStoreException($"{service} cannot be called: {failure.Message}{remedy}", isTransient: true, failure);
            }
        }
    }
}
