using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Bindings.JsonRpc;

/// <summary>JSON-RPC 2.0 over POST (A2A 1.0, section 9): the method's name decides operation and version.</summary>
internal sealed class JsonRpcBinding(JsonRpcMethods methods, Admission admission, FailureAnswers failures, int maxRequestBytes)
    : Binding(JsonRpcEnvelope.WithoutId, admission, failures)
{
    protected override string Name => "JSONRPC";

    protected override async ValueTask<Task> BeginAsync(JsonExchange exchange)
    {
        if (!await AdmitAsync(exchange))
            return Task.CompletedTask;
        var http = exchange.Http.Request;
        if (!MediaType.IsJson(http, allowA2AJson: false))
            throw Faults.UnsupportedMediaType(http.ContentType, MediaType.Json);

        var request = JsonRpcRequest.Parse(await exchange.ReadBodyAsync(maxRequestBytes), methods);
        exchange.Envelope = new JsonRpcEnvelope(request.Id);
        request.ThrowIfInvalid();
        // Before the method: an unknown method may belong to an unsupported version (section 3.6.2).
        VersionHeader.Read(http);
        request.ThrowIfUnknownMethod();

        var method = request.Method;
        (exchange.Version, exchange.Wire, exchange.Operation) = (method.Version, method.Wire, method.Operation.Name);
        if (method.AnswersErrorsAsEvents)
            exchange.AnswerError = EventStreams.AnswerErrorAsync;
        request.ThrowIfWrongParams();
        if (method.Operation.NeedsRequiredExtensions)
            exchange.UseExtensions();
        return method.Operation.RunAsync(exchange, request.Params);
    }
}
