namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>Requests of an A2A client that are about webhooks, over JSON-RPC, written by hand.</summary>
internal static class WebhookRequests
{
    /// <summary>A send that brings a webhook with it; it is answered at once.</summary>
    public static string Send(string text, Uri url, string id = "hook", string token = "token", string credentials = "credentials") =>
        $$$"""
        {
          "jsonrpc": "2.0", "id": 1, "method": "SendMessage",
          "params": {
            "message": { "messageId": "{{{Guid.NewGuid()}}}", "role": "ROLE_USER", "parts": [{ "text": "{{{text}}}" }] },
            "configuration": {
              "returnImmediately": true,
              "taskPushNotificationConfig": { "id": "{{{id}}}", {{{Members(url, token, credentials)}}} }
            }
          }
        }
        """;

    /// <summary>The same by a client of 0.3.</summary>
    public static string SendOlder(string text, Uri url, string token) =>
        $$$"""
        {
          "jsonrpc": "2.0", "id": 1, "method": "message/send",
          "params": {
            "message": { "kind": "message", "messageId": "{{{Guid.NewGuid()}}}", "role": "user", "parts": [{ "kind": "text", "text": "{{{text}}}" }] },
            "configuration": {
              "blocking": false,
              "pushNotificationConfig": { "url": "{{{url.OriginalString}}}", "token": "{{{token}}}" }
            }
          }
        }
        """;

    /// <summary>Makes a webhook for a task that is there.</summary>
    public static string Create(string taskId, Uri url, string id = "hook", string token = "token", string credentials = "credentials") =>
        $$$"""
        {
          "jsonrpc": "2.0", "id": 1, "method": "CreateTaskPushNotificationConfig",
          "params": { "taskId": "{{{taskId}}}", "id": "{{{id}}}", {{{Members(url, token, credentials)}}} }
        }
        """;

    /// <summary>Lists the webhooks of a task.</summary>
    public static string List(string taskId) =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"ListTaskPushNotificationConfigs","params":{"taskId":"{{{taskId}}}"}}""";

    /// <summary>Ends a webhook.</summary>
    public static string Delete(string taskId, string id = "hook") =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"DeleteTaskPushNotificationConfig","params":{"taskId":"{{{taskId}}}","id":"{{{id}}}"}}""";

    private static string Members(Uri url, string token, string credentials) =>
        $$$""" "url": "{{{url.OriginalString}}}", "token": "{{{token}}}", "authentication": { "scheme": "Bearer", "credentials": "{{{credentials}}}" } """;
}
