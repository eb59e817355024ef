using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Credentials;

/// <summary>
/// A shared client of a Google service, built on first use. If building it fails, the next caller tries again.
/// </summary>
/// <param name="service">The service's name, for messages.</param>
/// <param name="build">Builds the client, without waiting for the network.</param>
internal sealed class GoogleClient<T>(string service, Func<T> build)
    where T : class
{
    private readonly Lock _lock = new();
    private volatile T? _client;

    /// <summary>Returns the client.</summary>
    /// <exception cref="TaskStoreException">The client could not be built.</exception>
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
                // A client that the application registered may look up credentials while it is built, and throws this if there are none.
                var remedy = failure is InvalidOperationException ? $" {DefaultCredential.Remedy}" : "";
                throw new TaskStoreException($"{service} cannot be called: {failure.Message}{remedy}", isTransient: true, failure);
            }
        }
    }
}
