using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client.Tests;

/// <summary>The client behind the standard handler of Microsoft.Extensions.Http.Resilience, set as docs/client.md says.</summary>
public sealed class ResilienceTests : IDisposable
{
    private readonly StubHandler _agent = new((request, _) => request.Verb == "GET"
        ? StubHandler.Json(Encoding.UTF8.GetString(ProtocolJson.Write(Wire.Card("https://agent.example.com/a2a"))))
        : new(HttpStatusCode.ServiceUnavailable));

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task AttemptsDoNotMultiply()
    {
        await using var services = Services(_ => { });

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => services.GetRequiredService<A2AClient>().GetTaskAsync("t"));

        Assert.Equal(503, thrown.HttpStatus);
        Assert.Equal(new A2AClientOptions().MaxAttempts, _agent.Requests.Count(request => request.Verb == "POST"));
    }

    [Fact]
    public async Task AnOpenCircuitBreakerMeansThatTheAgentIsUnavailable()
    {
        await using var services = Services(handler => handler.CircuitBreaker.MinimumThroughput = 3);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => services.GetRequiredService<A2AClient>().GetTaskAsync("t"));

        Assert.Equal(A2AError.Unavailable, thrown.Error);
        Assert.IsType<BrokenCircuitException>(thrown.InnerException!.InnerException);
        Assert.True(_agent.Requests.Count < new A2AClientOptions().MaxAttempts);
    }

    private ServiceProvider Services(Action<HttpStandardResilienceOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new ImpatientTime());
        services.AddA2AClient(new Uri("https://agent.example.com")).ConfigurePrimaryHttpMessageHandler(() => _agent)
            .AddStandardResilienceHandler(handler =>
            {
                handler.Retry.ShouldHandle = _ => ValueTask.FromResult(false);
                handler.AttemptTimeout.Timeout = handler.TotalRequestTimeout.Timeout = TimeSpan.FromMinutes(10);
                handler.CircuitBreaker.SamplingDuration = TimeSpan.FromMinutes(20);
                configure(handler);
            });
        return services.BuildServiceProvider();
    }
}
