using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Operations;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>Which operation an HTTP method asks for at a resource.</summary>
internal sealed class HttpJsonRoutes(OperationTable operations)
{
    /// <summary>The operation, or null where the resource does not take the method.</summary>
    public Operation? Find(HttpJsonResource resource, string verb)
    {
        var isGet = HttpMethods.IsGet(verb);
        var isPost = HttpMethods.IsPost(verb);
        // A HEAD is a GET whose body is not sent; an event stream has no end to count to.
        var isRead = isGet || HttpMethods.IsHead(verb);
        return resource switch
        {
            HttpJsonResource.Send when isPost => operations.SendMessage,
            HttpJsonResource.Stream when isPost => operations.SendStreamingMessage,
            HttpJsonResource.Tasks when isRead => operations.ListTasks,
            HttpJsonResource.Task when isRead => operations.GetTask,
            HttpJsonResource.Cancel when isPost => operations.CancelTask,
            // The proto file has GET, the text has POST.
            HttpJsonResource.Subscribe when isGet || isPost => operations.SubscribeToTask,
            HttpJsonResource.PushNotificationConfigs when isRead => operations.ListTaskPushNotificationConfigs,
            HttpJsonResource.PushNotificationConfigs when isPost => operations.CreateTaskPushNotificationConfig,
            HttpJsonResource.PushNotificationConfig when isRead => operations.GetTaskPushNotificationConfig,
            HttpJsonResource.PushNotificationConfig when HttpMethods.IsDelete(verb) => operations.DeleteTaskPushNotificationConfig,
            HttpJsonResource.ExtendedCard when isRead => operations.GetExtendedAgentCard,
            _ => null,
        };
    }

    /// <summary>The value of the <c>Allow</c> header.</summary>
    public static string Allowed(HttpJsonResource resource) => resource switch
    {
        HttpJsonResource.Send or HttpJsonResource.Stream or HttpJsonResource.Cancel => "POST, OPTIONS",
        HttpJsonResource.Subscribe => "GET, POST, OPTIONS",
        HttpJsonResource.PushNotificationConfigs => "GET, HEAD, POST, OPTIONS",
        HttpJsonResource.PushNotificationConfig => "GET, HEAD, DELETE, OPTIONS",
        _ => "GET, HEAD, OPTIONS",
    };
}
