using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ServerlessA2A.Security.Authentication;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>A provider of identities, as the client sees it: what it answers is up to the test.</summary>
internal sealed class TestProvider : HttpMessageHandler
{
    private readonly ConcurrentQueue<(HttpMethod Method, string Address, string Body)> _asked = new();

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<(HttpMethod Method, string Address, string Body)> Asked => [.. _asked];

    /// <summary>What it answers to an address and a body.</summary>
    public Func<string, string, CancellationToken, Task<(int Status, string Body)>> Answer { get; set; } = (_, _, _) =>
        Task.FromResult((404, ""));

    /// <summary>A client that reaches this one only.</summary>
    public IdentityProviderClient Client(TimeProvider time) => new(time, this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (address, asked) = (
            request.RequestUri!.AbsoluteUri, request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "");
        _asked.Enqueue((request.Method, address, asked));
        var (status, body) = await Answer(address, asked, cancellationToken);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
