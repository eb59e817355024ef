using System.Net;
using System.Threading.Channels;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.FakeVertex.Protocol;

namespace ServerlessA2A.FakeVertex;

/// <summary>
/// In the place of Vertex AI: answers GenerateContent and StreamGenerateContent over gRPC, without TLS, on a port of its own of this
/// machine, with what a test told it to. Clients may be in this process or in others.
/// </summary>
public sealed class FakeVertexAI : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<ModelCall> coming = Channel.CreateUnbounded<ModelCall>();
    private readonly Lock gate = new();
    private readonly Queue<ScriptedTurn> turns = [];
    private readonly List<ModelCall> calls = [];

    private FakeVertexAI(WebApplication server) => this.server = server;

    /// <summary>http://127.0.0.1:port.</summary>
    public string Endpoint => server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Answers the calls for which no turn is enqueued. Without it they fail with Unimplemented.</summary>
    public Func<GenerateContentRequest, ScriptedTurn>? Answer { get; set; }

    /// <summary>All calls so far, in their order.</summary>
    public IReadOnlyList<ModelCall> Calls
    {
        get
        {
            lock (gate)
                return [.. calls];
        }
    }

    public static async Task<FakeVertexAI> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            // A client that is slow is none that is to be thrown out.
            (options.Limits.MinRequestBodyDataRate, options.Limits.MinResponseDataRate) = (null, null);
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var fake = new FakeVertexAI(builder.Build());
        const string Service = "/google.cloud.aiplatform.v1.PredictionService";
        fake.server.MapPost($"{Service}/StreamGenerateContent", context => fake.ServeAsync(context, isStreaming: true));
        fake.server.MapPost($"{Service}/GenerateContent", context => fake.ServeAsync(context, isStreaming: false));
        await fake.server.StartAsync();
        return fake;
    }

    /// <summary>Answers one call. Turns are taken in their order, by calls in theirs.</summary>
    public void Enqueue(params ReadOnlySpan<ScriptedTurn> next)
    {
        lock (gate)
        {
            foreach (var turn in next)
                turns.Enqueue(turn);
        }
    }

    /// <summary>The earliest call that was not given yet, once there is one.</summary>
    public async Task<ModelCall> NextCallAsync(TimeSpan limit)
    {
        try
        {
            ModelCall? call;
            while (!coming.Reader.TryRead(out call))
                await coming.Reader.WaitToReadAsync().AsTask().WaitAsync(limit);
            return call;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The model was not called within {limit}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(Calls.Select(call => call.Ended));
        await server.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context, bool isStreaming)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
        context.Response.ContentType = "application/grpc";
        GenerateContentRequest request;
        try
        {
            request = GenerateContentRequest.Parser.ParseFrom(await Wire.ReadAsync(context.Request.Body, over.Token));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or EndOfStreamException)
        {
            await new Answer(context, isStreaming, "", "", over.Token)
                .EndAsync(StatusCode.InvalidArgument, $"The request is no GenerateContentRequest: {e.Message}");
            return;
        }

        var call = new ModelCall(
            request, isStreaming,
            context.Request.Headers.ToDictionary(header => header.Key, header => $"{header.Value}", StringComparer.OrdinalIgnoreCase));
        var (number, turn) = Begin(call);
        var answer = new Answer(context, isStreaming, $"response-{number}", request.Model.Split('/')[^1], over.Token);
        try
        {
            if (RequestRules.FaultOf(request) is { } fault)
                turn = ModelTurn.Fail(StatusCode.InvalidArgument, fault);
            turn ??= Answer is { } answering ? answering(request)
                : ModelTurn.Fail(StatusCode.Unimplemented,
                $"No turn is enqueued for call {number} of the fake model, and it has no Answer.");
            await turn.RunAsync(answer);
            if (answer.End is null)
                await answer.EndAsync(StatusCode.OK, "");
        }
        catch (Exception) when (answer.End is null && over.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception e) when (answer.End is null)
        {
            await answer.EndAsync(StatusCode.Internal, $"The turn failed: {e.Message}");
        }
        finally
        {
            call.End(answer.End ?? (stopping.IsCancellationRequested ? CallEnd.Stopped : CallEnd.ClientGone));
        }
    }

    // Together, so that turns are taken in the order of the calls.
    private (int Number, ScriptedTurn? Turn) Begin(ModelCall call)
    {
        lock (gate)
        {
            calls.Add(call);
            coming.Writer.TryWrite(call);
            return (calls.Count, turns.TryDequeue(out var turn) ? turn : null);
        }
    }
}
