using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ServerlessA2A.Chat.Tests.OpenAI;

/// <summary>An endpoint of OpenAI's chat completions on a port of its own of this machine, which does what the test says.</summary>
internal sealed class FakeOpenAI : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Channel<Func<CompletionAnswer, Task>> _turns = Channel.CreateUnbounded<Func<CompletionAnswer, Task>>();
    private readonly Lock _gate = new();
    private readonly List<JsonElement> _requests = [];

    private FakeOpenAI(WebApplication server) => _server = server;

    /// <summary>The base address of the API.</summary>
    public Uri Address =>
        new($"{_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/v1");

    /// <summary>The bodies of all requests so far.</summary>
    public IReadOnlyList<JsonElement> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    public static async Task<FakeOpenAI> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var fake = new FakeOpenAI(builder.Build());
        fake._server.MapPost("/v1/chat/completions", fake.ServeAsync);
        await fake._server.StartAsync();
        return fake;
    }

    /// <summary>Answers one call.</summary>
    public void Enqueue(Func<CompletionAnswer, Task> turn) => _turns.Writer.TryWrite(turn);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        lock (_gate)
            _requests.Add(request.RootElement.Clone());
        if (_turns.Reader.TryRead(out var turn))
            await turn(new CompletionAnswer(context));
        else
            await new CompletionAnswer(context).FailAsync(418, "No turn is enqueued.");
    }
}
