using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol.Cards;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>The operation of each resource and HTTP method.</summary>
internal sealed class HttpJsonRoutes
{
    private readonly Route[] _routes;

    public HttpJsonRoutes(OperationTable operations)
    {
        // A HEAD is a GET whose body is not sent; an event stream has no end to count to.
        string[] read = [HttpMethods.Get, HttpMethods.Head];
        string[] post = [HttpMethods.Post];
        // The proto file has GET, the text has POST.
        string[] getOrPost = [HttpMethods.Get, HttpMethods.Post];
        string[] delete = [HttpMethods.Delete];
        _routes =
        [
            New(HttpJsonResource.Task, read, operations.GetTask, request => request.GetTask()),
            New(HttpJsonResource.Send, post, operations.SendMessage, request => request.SendMessage()),
            New(HttpJsonResource.Stream, post, operations.SendStreamingMessage, request => request.SendMessage()),
            New(HttpJsonResource.Tasks, read, operations.ListTasks, request => request.ListTasks()),
            New(HttpJsonResource.Cancel, post, operations.CancelTask, request => request.CancelTask()),
            New(HttpJsonResource.Subscribe, getOrPost, operations.SubscribeToTask, request => request.SubscribeToTask()),
            New(HttpJsonResource.PushNotificationConfigs, read, operations.ListTaskPushNotificationConfigs, request =>
            request.ListTaskPushNotificationConfigs()),
            New(HttpJsonResource.PushNotificationConfigs, post, operations.CreateTaskPushNotificationConfig, request =>
            request.CreateTaskPushNotificationConfig()),
            New(HttpJsonResource.PushNotificationConfig, read, operations.GetTaskPushNotificationConfig, request =>
            request.GetTaskPushNotificationConfig()),
            New(HttpJsonResource.PushNotificationConfig, delete, operations.DeleteTaskPushNotificationConfig, request =>
            request.DeleteTaskPushNotificationConfig()),
            New(HttpJsonResource.ExtendedCard, read, operations.GetExtendedAgentCard, _ => new GetExtendedAgentCardRequest()),
        ];
    }

    /// <summary>The operation, or null where the resource does not take the method.</summary>
    public BoundOperation<HttpJsonRequest>? Find(HttpJsonResource resource, string verb)
    {
        foreach (var route in _routes)
        {
            if (route.Resource == resource && route.Verbs.Contains(verb, StringComparer.OrdinalIgnoreCase))
                return route.Operation;
        }

        return null;
    }

    /// <summary>The value of the <c>Allow</c> header.</summary>
    public string Allowed(HttpJsonResource resource) =>
        string.Join(", ", _routes.Where(route => route.Resource == resource).SelectMany(route => route.Verbs).Append(HttpMethods.Options));

    private static Route New<TRequest>(
        HttpJsonResource resource, string[] verbs, Operation<TRequest> operation, Func<HttpJsonRequest, TRequest> read) =>
        new(resource, verbs, BoundOperation<HttpJsonRequest>.Of(operation, read));

    private sealed record Route(HttpJsonResource Resource, string[] Verbs, BoundOperation<HttpJsonRequest> Operation);
}
