using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>Errors letter for letter, as each binding and version writes them.</summary>
internal static class MatrixErrors
{
    /// <summary>Of a caller who is not known: the request's id is not read before.</summary>
    public static string Unauthenticated(Wire wire, string message) =>
        Write(wire, "null", -32603, 401, "UNAUTHENTICATED", message, Info("UNAUTHENTICATED", ""));

    /// <summary>Of a task that is not there, or somebody else's.</summary>
    public static string TaskNotFound(Wire wire, string taskId) => Write(
        wire, "7", -32001, 404, "NOT_FOUND", "The task was not found.", Info("TASK_NOT_FOUND", $$""","metadata":{"taskId":"{{taskId}}"}"""));

    private static string Write(Wire wire, string id, int code, int httpStatus, string rpcStatus, string message, string details) =>
        wire switch
        {
            { IsJsonRpc: true } => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":"{{{message}}}","data":{{{details}}}}}""",
            { IsV1: true } => $$$"""{"error":{"code":{{{httpStatus}}},"status":"{{{rpcStatus}}}","message":"{{{message}}}","details":{{{details}}}}}""",
            _ => $$"""{"code":{{code}},"message":"{{message}}","data":{{details}}}""",
        };

    private static string Info(string reason, string metadata) =>
        $$"""[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{{reason}}","domain":"a2a-protocol.org"{{metadata}}}]""";
}
