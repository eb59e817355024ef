using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Bindings.Harness.Grpc;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>The endpoint on a real server, with the in-memory store and queue, a worker, and an agent that does what it is told.</summary>
public sealed class AgentHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AgentHost(WebApplication app, LogRecorder log, bool inProcess)
    {
        (_app, Log) = (app, log);
        if (!inProcess)
            Address = new Uri(app.Urls.First());
        Client = NewClient();
    }

    public HttpClient Client { get; }

    public Uri? Address { get; }

    /// <summary>The port that speaks HTTP/2 without TLS.</summary>
    public Uri GrpcAddress => new(_app.Urls.Last());

    public LogRecorder Log { get; }

    public ScriptedAgent Agent => (ScriptedAgent)_app.Services.GetRequiredService<IAgent>();

    public ITaskStore Store => _app.Services.GetRequiredService<ITaskStore>();

    /// <summary>Set by a test that provokes errors; else disposing fails when one was logged.</summary>
    public bool ErrorsAreExpected { get; set; }

    /// <summary>A client of a known caller's, with connections of its own.</summary>
    public HttpClient ClientOf(string caller)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Add("X-API-Key", KnownCallers.KeyOf(caller));
        return client;
    }

    /// <summary>A client of an agent's that has a name, anonymous or a known caller's, with connections of its own.</summary>
    public HttpClient ClientAt(string agent, string? caller = null)
    {
        var client = new HttpClient(new AgentAddress(agent, NewHandler())) { BaseAddress = Address };
        if (caller is not null)
            client.DefaultRequestHeaders.Add("X-API-Key", KnownCallers.KeyOf(caller));
        return client;
    }

    /// <summary>Adds agents with names, which all do what <see cref="Agent"/> does.</summary>
    public static Action<IServiceCollection> WithAgents(params string[] names) => services =>
    {
        foreach (var name in names)
            services.AddAgent(name, provider => provider.GetRequiredService<IAgent>());
    };

    public static Task<AgentHost> StartAsync(params (string Name, string Value)[] settings) => StartAsync(_ => { }, settings);

    public static Task<AgentHost> StartAsync(Action<IServiceCollection> configure, params (string Name, string Value)[] settings) =>
        StartAsync(configure, cardOnly: false, inProcess: false, settings);

    /// <summary>Starts a host.</summary>
    /// <param name="configure">Registers what a test replaces.</param>
    /// <param name="cardOnly">Whether the card's endpoint is served in place of the agent's.</param>
    /// <param name="inProcess">Whether requests are handed over without a connection.</param>
    /// <param name="settings">Settings of the section A2A.</param>
    public static async Task<AgentHost> StartAsync(
        Action<IServiceCollection> configure, bool cardOnly, bool inProcess, params (string Name, string Value)[] settings)
    {
        var log = new LogRecorder();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (inProcess)
            builder.WebHost.UseTestServer();
        else
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0);
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            });
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Configuration.AddInMemoryCollection(
        [
            new("A2A:Agent:PushNotifications", "true"),
            new("A2A:Tasks:GatherInterval", "00:00:00"),
            .. settings.Select(setting => new KeyValuePair<string, string?>($"A2A:{setting.Name}", setting.Value)),
        ]);
        configure(builder.Services);
        builder.Services.AddSingleton<ServerlessA2A.Webhooks.Addresses.IHostAddresses, AnyHostAddresses>();
        builder.Services.AddServerlessA2A(builder.Configuration).AddInMemoryState(builder.Configuration).AddAgent<ScriptedAgent>();
        builder.Services.AddA2AGrpc();
        builder.Services.SetConstants(builder.Configuration);
        builder.Services.AddHostedService<Worker>();
        var app = builder.Build();
        if (!cardOnly)
            app.UseRouting().UseEndpoints(endpoints => endpoints.MapA2AGrpc());
        if (cardOnly)
            app.Run(app.Services.GetRequiredService<AgentCardEndpoint>().HandleAsync);
        else
            app.Run(app.Services.GetRequiredService<A2AEndpoint>().HandleAsync);
        await app.StartAsync();
        return new AgentHost(app, log, inProcess);
    }

    /// <summary>A channel to the port of gRPC.</summary>
    public GrpcChannel NewChannel() => Address is null
        ? GrpcChannel.ForAddress(_app.GetTestServer().BaseAddress, new() { HttpHandler = _app.GetTestServer().CreateHandler() })
        : GrpcChannel.ForAddress(_app.Urls.Last());

    private HttpClient NewClient() => new(NewHandler()) { BaseAddress = Address ?? _app.GetTestServer().BaseAddress };

    private GrpcTransport NewHandler() => new(
        NewChannel, Address is null ? _app.GetTestServer().CreateHandler() : new SocketsHttpHandler { AllowAutoRedirect = false });

    public async ValueTask DisposeAsync()
    {
        Agent.ReleaseAll();
        Client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        if (!ErrorsAreExpected)
            Assert.Empty(Log.Errors);
    }
}
