namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>Sends requests to an agent's own address: the path of each goes below it.</summary>
internal sealed class AgentAddress(string agent, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        request.RequestUri = new Uri($"{uri.GetLeftPart(UriPartial.Authority)}/{agent}{uri.PathAndQuery}");
        return base.SendAsync(request, cancellationToken);
    }
}
