using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Grpc.Messages;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using WireFormat = ServerlessA2A.Protocol.WireFormat;

namespace ServerlessA2A.Client.Grpc;

/// <summary>
/// The gRPC binding (A2A 1.0, section 10; 0.3, section 3.2.2). Messages are converted by way of their JSON, which all bindings share.
/// </summary>
internal sealed class GrpcTransport : ITransport
{
    private static readonly Marshaller<byte[]> Bytes = new(bytes => bytes, bytes => bytes);

    private readonly bool _isOlder;
    private readonly WireFormat _wire;
    private readonly ServiceDescriptor _service;
    private readonly A2AClientOptions _options;
    private readonly AppliedCredentials _credentials;
    private readonly CallInvoker _invoker;

    public GrpcTransport(AgentInterface address, A2AClientOptions options, AppliedCredentials credentials, Func<HttpClient> http)
    {
        _isOlder = address.ProtocolVersion.StartsWith("0.", StringComparison.Ordinal);
        (_wire, var file) = _isOlder
            ? (WireFormat.V0_3Http, ServerlessA2A.Grpc.V0_3.A2AV03Reflection.Descriptor)
            : (WireFormat.V1, ServerlessA2A.Grpc.V1.A2AV1Reflection.Descriptor);
        _service = file.Services.Single();
        (_options, _credentials) = (options, credentials);
        // Its connections are those of the HttpClient, whose owner closes them.
        _invoker = GrpcChannel.ForAddress(address.Url, new()
        {
            HttpHandler = new GrpcRequests(http, options, _wire, credentials),
            MaxReceiveMessageSize = (int)Math.Min(int.MaxValue, options.MaxResponseSize),
            MaxSendMessageSize = null,
            ThrowOperationCanceledOnCancellation = true,
        }).CreateCallInvoker();
    }

    public async Task<TResult> CallAsync<TRequest, TResult>(
        Operation<TRequest, TResult> operation, TRequest request, CancellationToken cancellationToken)
    {
        var (method, body) = Write(operation, request);
        var limit = _options.LimitOf(operation.Name, request);
        using var timeout = new CancellationTokenSource(limit, _options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        for (var renewed = false; ; renewed = true)
        {
            try
            {
                // The agent gets the limit as well, as the deadline.
                DateTime? deadline = limit == Timeout.InfiniteTimeSpan ? null : DateTime.UtcNow + limit;
                var call = new CallOptions(deadline: deadline, cancellationToken: linked.Token);
                using var answer = _invoker.AsyncUnaryCall(CallOf(method), null, call, body);
                return Read(operation, method, await answer);
            }
            catch (Exception exception) when (IsOfCall(exception, cancellationToken))
            {
                if (!MayRenew(exception, renewed)) throw GrpcErrors.Read(exception, timeout.IsCancellationRequested);
            }
        }
    }

    public async IAsyncEnumerable<StreamEvent> StreamAsync<TRequest>(
        Operation<TRequest, StreamResponse> operation,
        TRequest request,
        string? lastEventId,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (method, body) = Write(operation, request);
        // An agent that may answer with a message has no event to send before it. gRPC has no comments that show a live stream.
        var limit = operation.Name == Operations.SendStreamingMessage.Name ? _options.SendTimeout : _options.Timeout;
        // After an event the request must not be repeated: a message would be sent twice.
        var hasRead = false;
        for (var renewed = false; ; renewed = true)
        {
            using var beginning = new CancellationTokenSource(limit, _options.TimeProvider);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(beginning.Token, cancellationToken);
            using var call = _invoker.AsyncServerStreamingCall(
                CallOf(method), null, new CallOptions(cancellationToken: linked.Token), body);
            var isRejected = false;
            while (!isRejected)
            {
                try
                {
                    if (!await call.ResponseStream.MoveNext(linked.Token)) yield break;
                    beginning.CancelAfter(Timeout.InfiniteTimeSpan);
                    hasRead = true;
                }
                catch (Exception exception) when (IsOfCall(exception, cancellationToken))
                {
                    if (!MayRenew(exception, renewed || hasRead)) throw GrpcErrors.Read(exception, beginning.IsCancellationRequested);
                    isRejected = true;
                    continue;
                }

                yield return new(null, Read(operation, method, call.ResponseStream.Current));
            }
        }
    }

    private static bool IsOfCall(Exception exception, CancellationToken cancellationToken) =>
        exception is RpcException or OperationCanceledException && !cancellationToken.IsCancellationRequested;

    /// <summary>A token may have been revoked, or signed with a key that is gone: one other is tried.</summary>
    private bool MayRenew(Exception exception, bool renewed) =>
        exception is RpcException { StatusCode: StatusCode.Unauthenticated } && !renewed && _credentials.Renew();

    private static Method<byte[], byte[]> CallOf(MethodDescriptor method) => new(
        method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary, method.Service.FullName, method.Name, Bytes, Bytes);

    private (MethodDescriptor Method, byte[] Body) Write<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request)
    {
        var method = _service.FindMethodByName(_isOlder ? OlderName(operation.Name) : operation.Name) ?? throw new A2AClientException(
            A2AError.UnsupportedOperation, $"A2A 0.3 has no {operation.Name} over gRPC; choose another binding.");
        try
        {
            var message = ProtoJson.Read(method.InputType, json =>
            {
                if (_isOlder && operation.OlderName?.StartsWith("message/", StringComparison.Ordinal) != true)
                    WriteNames(json, operation, request);
                else operation.Write(_wire, json, request);
            });
            return (method, message.ToByteArray());
        }
        catch (A2AException exception)
        {
            throw new A2AClientException(A2AError.InvalidParams, exception.Message, exception);
        }
    }

    private static string OlderName(string name) => name switch
    {
        "SubscribeToTask" => "TaskSubscription",
        "ListTaskPushNotificationConfigs" => "ListTaskPushNotificationConfig",
        "GetExtendedAgentCard" => "GetAgentCard",
        _ => name,
    };

    /// <summary>0.3 names tasks and webhooks with resource names, which are the paths of HTTP+JSON.</summary>
    private void WriteNames<TRequest, TResult>(Utf8JsonWriter json, Operation<TRequest, TResult> operation, TRequest request)
    {
        if (operation.Name == Operations.CreateWebhook.Name)
        {
            operation.Write(_wire, json, request);
            return;
        }

        var name = Uri.UnescapeDataString(operation.Path(request).Split('?')[0]);
        json.WriteStartObject();
        if (operation.Name == Operations.ListWebhooks.Name) json.WriteString("parent"u8, name[..name.LastIndexOf('/')]);
        else if (operation.Name == Operations.CancelTask.Name) json.WriteString("name"u8, name[..name.LastIndexOf(':')]);
        else if (operation.Name == Operations.SubscribeToTask.Name) json.WriteString("name"u8, name[..name.LastIndexOf(':')]);
        else if (operation.Name != Operations.GetExtendedCard.Name) json.WriteString("name"u8, name);
        if (request is ServerlessA2A.Protocol.Tasks.GetTaskRequest { HistoryLength: { } length })
            json.WriteNumber("historyLength"u8, length);
        if (request is ListTaskPushNotificationConfigsRequest { PageToken: { Length: > 0 } page })
            json.WriteString("pageToken"u8, page);
        json.WriteEndObject();
    }

    private TResult Read<TRequest, TResult>(Operation<TRequest, TResult> operation, MethodDescriptor method, byte[] answer)
    {
        try
        {
            using var input = ProtoJson.Deep(answer);
            var read = operation.Read(_wire, ProtoJson.WriteWhole(method.OutputType.Parser.ParseFrom(input)));
            return operation.IsComplete(read) ? read : throw HttpCalls.Unreadable(operation.Name);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or JsonException or A2AException)
        {
            throw HttpCalls.Unreadable(operation.Name, exception);
        }
    }
}
