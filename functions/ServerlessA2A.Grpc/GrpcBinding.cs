using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Grpc;

/// <summary>gRPC (A2A 1.0, section 10; 0.3, section 3.2.2): the service decides the version, its method the operation.</summary>
internal sealed class GrpcBinding(
    HostedAgents agents, OperationTable operations, Admission admission, FailureAnswers failures, IOptions<BindingOptions> options)
{
    /// <summary>The largest <c>A2A:Http:MaxRequestBytes</c>, which limits messages too. gRPC rejects a larger message unread.</summary>
    public const int LargestMessage = 32 * 1024 * 1024;

    private const string Name = "GRPC";

    private static readonly WriteOptions Together = new(WriteFlags.BufferHint);

    /// <summary>The operations, which all bindings share.</summary>
    public OperationTable Operations => operations;

    /// <summary>Authenticates the caller before gRPC reads anything of the message, and records the call.</summary>
    /// <param name="http">The HTTP request.</param>
    /// <param name="service">The service that is called.</param>
    /// <param name="serve">Lets gRPC serve the call.</param>
    public async Task HandleAsync(HttpContext http, GrpcService service, RequestDelegate serve)
    {
        ResponseHeaders.Harden(http);
        var exchange = new GrpcExchange(http) { Agent = agents.Default, Version = service.Version, Wire = service.Wire };
        var observation = new Observation(Name);
        try
        {
            var (caller, refusal) = await admission.AdmitAsync(http);
            if (refusal is not null)
            {
                GrpcErrors.Answer(http.Response, failures.Classify(exchange, refusal), service.Version);
                return;
            }

            exchange.Caller = caller;
            http.Features.Set(exchange);
            // The limits of gRPC and of the engine answer as the protocol wants it. That of the server, a little smaller, would not.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = LargestMessage + Batch.LargestSize;
            await serve(http);
        }
        finally
        {
            observation.End(exchange);
        }
    }

    /// <summary>Executes an operation with one result.</summary>
    public async Task<TReply> InvokeAsync<TMessage, TRequest, TResult, TReply>(
        UnaryOperation<TRequest, TResult> operation,
        Received<TMessage> received,
        ServerCallContext call,
        Func<TMessage, TRequest> read,
        Func<TResult, TReply> write)
        where TMessage : class, IMessage<TMessage>, new()
    {
        var exchange = Begin(call);
        try
        {
            var result = await operation.InvokeAsync(exchange, read(Accept(exchange, operation, received)));
            exchange.Record?.Answered(result);
            var reply = write(result);
            exchange.ListExtensions();
            return reply;
        }
        catch (Exception exception)
        {
            throw Fail(exchange, exception);
        }
    }

    /// <summary>Executes an operation whose result is a stream.</summary>
    public async Task StreamAsync<TMessage, TRequest, TReply>(
        StreamOperation<TRequest> operation,
        Received<TMessage> received,
        IServerStreamWriter<TReply> stream,
        ServerCallContext call,
        Func<TMessage, TRequest> read,
        Func<StreamItem, TReply> write)
        where TMessage : class, IMessage<TMessage>, new()
    {
        var exchange = Begin(call);
        try
        {
            var request = read(Accept(exchange, operation, received));
            exchange.ListExtensions();
            await CopyAsync(exchange, operation.OpenAsync(exchange, request).GetAsyncEnumerator(), stream, write);
        }
        catch (Exception exception)
        {
            throw Fail(exchange, exception);
        }
    }

    /// <summary>Writes items as they come; those that are ready at the same moment leave together.</summary>
    private static async Task CopyAsync<TReply>(
        GrpcExchange exchange, IAsyncEnumerator<StreamItem> items, IServerStreamWriter<TReply> stream, Func<StreamItem, TReply> write)
    {
        var body = exchange.Http.Response.BodyWriter;
        stream.WriteOptions = Together;
        var next = items.MoveNextAsync().AsTask();
        try
        {
            while (await next)
            {
                exchange.Record?.Answered(items.Current.Response);
                await stream.WriteAsync(write(items.Current), exchange.Aborted);
                next = items.MoveNextAsync().AsTask();
                for (var turn = 0; turn < Batch.Turns && !next.IsCompleted; turn++)
                    await Task.Yield();
                if (!next.IsCompleted || (body.CanGetUnflushedBytes && body.UnflushedBytes >= Batch.LargestSize))
                    await body.FlushAsync(exchange.Aborted);
            }
        }
        catch when (!next.IsCompleted)
        {
            // The source cannot be disposed of while it is read. It ends with the call.
            exchange.Http.Abort();
            throw;
        }
        finally
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await items.DisposeAsync();
        }
    }

    private static GrpcExchange Begin(ServerCallContext call)
    {
        var exchange = call.GetHttpContext().Features.Get<GrpcExchange>()!;
        exchange.Call = call;
        return exchange;
    }

    private TMessage Accept<TMessage, TRequest>(GrpcExchange exchange, Operation<TRequest> operation, Received<TMessage> received)
        where TMessage : class, IMessage<TMessage>, new()
    {
        exchange.Operation = operation.Name;
        exchange.Record?.Operation = operation.Name;
        // The service has decided the version; the metadata may only name a supported one.
        VersionHeader.Read(exchange.Http.Request);
        if (received.Size > options.Value.MaxRequestBytes)
            throw Faults.BodyTooLarge(options.Value.MaxRequestBytes);
        if (received.Message is not { } message)
        {
            throw new A2AException(
                A2AError.ParseError, $"The request is not a valid {new TMessage().Descriptor.FullName} message.", received.Fault);
        }

        if (agents.HaveNames)
            FindAgent(exchange, message);
        if (operation.NeedsRequiredExtensions)
            exchange.UseExtensions();
        return message;
    }

    /// <summary>
    /// gRPC has no paths: the tenant names the agent, as the card says (<c>weather</c>), and a tenant of that agent's after it
    /// (<c>weather/tenant</c>). Without a name before it, it is the default agent's (<c>/tenant</c>).
    /// </summary>
    /// <exception cref="A2AException">
    /// InvalidParams for a name that is no agent's: the default agent must not run what was meant for another one.
    /// </exception>
    private void FindAgent<TMessage>(GrpcExchange exchange, TMessage message)
        where TMessage : IMessage
    {
        if (message.Descriptor.FindFieldByName("tenant") is not { } tenant ||
            tenant.Accessor.GetValue(message) is not string { Length: > 0 } name)
            return;
        if (name[0] == '/')
        {
            tenant.Accessor.SetValue(message, name[1..]);
            return;
        }

        var named = AgentPath.Read($"/{name}", agents, out var rest) ??
            throw A2AException.InvalidParams("tenant", "must begin with the name of an agent, or with a slash for the default agent");
        exchange.Agent = named;
        // As below the path of the agent, whose address the extended card has.
        exchange.Http.Request.PathBase = exchange.Http.Request.PathBase.Add($"/{named.Name}");
        tenant.Accessor.SetValue(message, rest.Value!.TrimStart('/'));
    }

    private RpcException Fail(GrpcExchange exchange, Exception exception) => failures.IsClientGone(exchange, exception)
        ? new RpcException(new Status(StatusCode.Cancelled, "The client has canceled the call."))
        : GrpcErrors.ToRpcException(failures.Classify(exchange, exception), exchange.Version);
}
