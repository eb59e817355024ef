using System.Net;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Tests.Support;

/// <summary>Every name is somewhere on the internet.</summary>
public sealed class AnyHostAddresses : IHostAddresses
{
    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse("93.184.216.34")]);
}
