using System.Net;
using Google.Apis.Auth.OAuth2;
using ServerlessA2A.Functions.Telemetry;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Telemetry;

/// <summary>Where the telemetry of a program goes, and what it costs its requests.</summary>
public class TelemetryExportTests
{
    /// <summary>The schedule exports nothing in the time of a test: what arrives was flushed by a request.</summary>
    private static readonly (string, string) NoSchedule = ("OTEL_BSP_SCHEDULE_DELAY", "3600000");

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("A2A__Telemetry__Endpoint")]
    public async Task ARequestIsExportedWhenItEnds(string variable)
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        await using var program = RunningProgram.Start(
            Programs.OwnAgent, target: null, (variable, otlp.Address), NoSchedule,
            ("OTEL_RESOURCE_ATTRIBUTES", "cloud.region=europe-west1"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        await client.CallAsync(Requests.Send("hello"));
        // On a slow machine the first export may outlast what a request waits for; those after it then leave theirs to a later request.
        using var limit = new CancellationTokenSource(Guard.Limit);
        do
        {
            Assert.False(limit.IsCancellationRequested, $"Did not happen: the requests and the run are exported.\n{otlp}");
            await client.CallAsync("""{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{}}""");
            await Task.Delay(20);
        }
        while (!otlp.Spans.Any(span => span.Name == "ListTasks") || !otlp.Spans.Any(span => span.Name == "run task"));
        await otlp.UntilAsync(received => received.Metrics.Contains("a2a.request.duration"), "the metrics are exported");
        var run = otlp.Spans.First(span => span.Name == "run task");
        Assert.Equal(otlp.Spans.First(span => span.Name == "SendMessage").TraceId, run.TraceId);
        Assert.Equal(("OwnAgent", "europe-west1"), (run.Resource["service.name"], run.Resource["cloud.region"]));
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    [Fact]
    public async Task WhatIsLeftIsExportedWhenTheProgramEnds()
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("A2A__Telemetry__Endpoint", otlp.Address), NoSchedule);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        await client.CallAsync("""{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{}}""");
        await otlp.UntilAsync(received => received.Metrics.Any(), "the first metrics are exported");

        Assert.Equal(0, await program.StopAsync());

        // ASP.NET Core measures a request only when all of it is over.
        Assert.Contains("http.server.request.duration", otlp.Metrics);
    }

    [Fact]
    public async Task AReceiverThatHangsHoldsNoRequestUp()
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        var hangs = new TaskCompletionSource();
        var goesOn = new TaskCompletionSource();
        otlp.Answer = async stop =>
        {
            hangs.TrySetResult();
            await goesOn.Task.WaitAsync(stop);
        };
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(SweepFunction).FullName, ("A2A__Telemetry__Endpoint", otlp.Address), NoSchedule,
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync(), Timeout = Guard.Limit };

        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, await DeliverAsync(client));

        await hangs.Task.WithinLimit("the export hangs");
        goesOn.SetResult();
        Assert.Equal(0, await program.StopAsync());
        Assert.NotEmpty(otlp.Spans);
    }

    [Fact]
    public async Task AnEventFunctionThatFailsIsExportedAsAnError()
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(RunTaskFunction).FullName, ("A2A__Telemetry__Endpoint", otlp.Address));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync(), Timeout = Guard.Limit };

        // A message that names no task.
        Assert.Equal(HttpStatusCode.InternalServerError, await DeliverAsync(client));

        await otlp.UntilAsync(
            received => received.Spans.Any(IsServers) && received.Spans.Any(span => span.Name == "process a2a-tasks"),
            "the spans are exported");
        var server = otlp.Spans.First(IsServers);
        Assert.Equal(("500", "InvalidDataException"), (server.Attributes["http.response.status_code"], server.Attributes["error.type"]));
        Assert.Equal("InvalidDataException", otlp.Spans.First(span => span.Name == "process a2a-tasks").Attributes["error.type"]);

        static bool IsServers(ReceivedSpan span) => span is { Source: TelemetryFlush.Server, Name: "POST" };
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318")]
    [InlineData("A2A__Telemetry__Endpoint", "collector")]
    public async Task AnAddressThatIsNoneIsReportedAtStart(string variable, string value)
    {
        await using var program = RunningProgram.Start(Programs.OwnAgent, target: null, (variable, value));

        Assert.NotEqual(0, await program.ExitAsync());

        var line = Assert.Single(program.Errors);
        Assert.Contains(variable, line, StringComparison.Ordinal);
        Assert.Contains($"'{value}': set the address of an OTLP receiver", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://telemetry.googleapis.com", true)]
    [InlineData("https://telemetry.europe-west1.rep.googleapis.com:443", true)]
    [InlineData("http://telemetry.googleapis.com", false)]
    [InlineData("https://googleapis.com.example.org", false)]
    [InlineData("https://evilgoogleapis.com", false)]
    [InlineData("http://localhost:4318", false)]
    public void OnlyGoogleGetsAnAccessToken(string endpoint, bool isGoogles) =>
        Assert.Equal(isGoogles, TelemetryExport.IsGoogles(new Uri(endpoint)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EachExportToGoogleHasAToken(bool isSynchronous)
    {
        using var seen = new SeenRequests();
        using var http = new HttpMessageInvoker(new AccessTokenHandler(new Token()) { InnerHandler = seen });
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://telemetry.googleapis.com/v1/traces");

        using var response = isSynchronous ? http.Send(request, default) : await http.SendAsync(request, default);

        Assert.Equal("Bearer token", seen.Authorization);
    }

    private static async Task<HttpStatusCode> DeliverAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = Requests.Json(PubSub.Event("{}")) };
        foreach (var (name, value) in PubSub.EventHeaders)
            request.Headers.Add(name, value);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private sealed class Token : ITokenAccess
    {
        public Task<string> GetAccessTokenForRequestAsync(string? authUri = null, CancellationToken cancellationToken = default) =>
            Task.FromResult("token");
    }

    private sealed class SeenRequests : HttpMessageHandler
    {
        public string? Authorization { get; private set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization?.ToString();
            return new HttpResponseMessage(HttpStatusCode.OK);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
