using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.WebUtilities;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Protocol;
using V0_3 = ServerlessA2A.Grpc.V0_3;
using V1 = ServerlessA2A.Grpc.V1;

namespace ServerlessA2A.Tests.Bindings.Harness.Grpc;

/// <summary>The gRPC call that a request of HTTP+JSON asks for.</summary>
internal sealed class GrpcCall
{
    private static readonly Marshaller<byte[]> Bytes = new(message => message, bytes => bytes);
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    private readonly MethodDescriptor _method;

    private GrpcCall(ProtocolVersion version, MethodDescriptor method, JsonObject request) =>
        (Version, _method, Request) = (version, method, MessageOf(method.InputType, request));

    public ProtocolVersion Version { get; }

    public byte[] Request { get; }

    public bool IsStream => _method.IsServerStreaming;

    public static async Task<GrpcCall> OfAsync(HttpRequestMessage request)
    {
        var (path, query) = (request.RequestUri!.AbsolutePath, QueryHelpers.ParseQuery(request.RequestUri.Query));
        var route = HttpJsonPath.Read(Uri.UnescapeDataString(path)) ?? throw new InvalidOperationException($"No gRPC method for {path}.");
        var json = request.Content is null
            ? new JsonObject()
            : JsonNode.Parse(await request.Content.ReadAsStringAsync())!.AsObject();
        foreach (var (name, value) in query)
            json[name] = name is "includeArtifacts" ? JsonNode.Parse($"{value}") : JsonValue.Create($"{value}");
        return route.Version == ProtocolVersion.V1_0
            ? new(route.Version, MethodOfV1(request.Method.Method, route, json), json)
            : new(route.Version, MethodOfV0_3(request.Method.Method, route, json), json);
    }

    public Method<byte[], byte[]> MethodOf(MethodType type) => new(type, _method.Service.FullName, _method.Name, Bytes, Bytes);

    public string ToJson(byte[] reply)
    {
        var json = Formatter.Format(_method.OutputType.Parser.ParseFrom(reply));
        if (_method.Name is not ("ListTasks" or "ListTaskPushNotificationConfigs"))
            return json == "{ }" ? "{}" : json;
        // Members that JSON always has, and that are not there in a message when they are 0 or empty.
        var page = JsonNode.Parse(json)!.AsObject();
        page.TryAdd("nextPageToken", "");
        if (_method.Name == "ListTasks")
        {
            page.TryAdd("tasks", new JsonArray());
            page.TryAdd("totalSize", 0);
        }
        else
        {
            page.TryAdd("configs", new JsonArray());
        }

        return page.ToJsonString();
    }

    private static MethodDescriptor MethodOfV1(string verb, HttpJsonRoute route, JsonObject json)
    {
        if (route.Tenant.Length > 0)
            json["tenant"] = json["tenant"] is { } rest ? $"{route.Tenant}/{rest}" : route.Tenant;
        var isConfig = route.Resource is HttpJsonResource.PushNotificationConfig or HttpJsonResource.PushNotificationConfigs;
        if (route.TaskId is not null)
            json[isConfig ? "taskId" : "id"] = route.TaskId;
        if (route.ConfigId is not null)
            json["id"] = route.ConfigId;
        return V1.A2AService.Descriptor.FindMethodByName((route.Resource, verb) switch
        {
            (HttpJsonResource.Send, _) => "SendMessage",
            (HttpJsonResource.Stream, _) => "SendStreamingMessage",
            (HttpJsonResource.Task, _) => "GetTask",
            (HttpJsonResource.Tasks, _) => "ListTasks",
            (HttpJsonResource.Cancel, _) => "CancelTask",
            (HttpJsonResource.Subscribe, _) => "SubscribeToTask",
            (HttpJsonResource.PushNotificationConfigs, "POST") => "CreateTaskPushNotificationConfig",
            (HttpJsonResource.PushNotificationConfigs, _) => "ListTaskPushNotificationConfigs",
            (HttpJsonResource.PushNotificationConfig, "DELETE") => "DeleteTaskPushNotificationConfig",
            (HttpJsonResource.PushNotificationConfig, _) => "GetTaskPushNotificationConfig",
            _ => "GetExtendedAgentCard",
        });
    }

    private static MethodDescriptor MethodOfV0_3(string verb, HttpJsonRoute route, JsonObject json)
    {
        var task = $"tasks/{route.TaskId}";
        var name = (route.Resource, verb) switch
        {
            (HttpJsonResource.Send, _) => "SendMessage",
            (HttpJsonResource.Stream, _) => "SendStreamingMessage",
            (HttpJsonResource.Task, _) => "GetTask",
            (HttpJsonResource.Cancel, _) => "CancelTask",
            (HttpJsonResource.Subscribe, _) => "TaskSubscription",
            (HttpJsonResource.PushNotificationConfigs, "POST") => "CreateTaskPushNotificationConfig",
            (HttpJsonResource.PushNotificationConfigs, _) => "ListTaskPushNotificationConfig",
            (HttpJsonResource.PushNotificationConfig, "DELETE") => "DeleteTaskPushNotificationConfig",
            (HttpJsonResource.PushNotificationConfig, _) => "GetTaskPushNotificationConfig",
            _ => "GetAgentCard",
        };
        if (route.ConfigId is not null)
            json["name"] = $"{task}/pushNotificationConfigs/{route.ConfigId}";
        else if (route.Resource == HttpJsonResource.PushNotificationConfigs)
            json["parent"] = task;
        else if (route.TaskId is not null)
            json["name"] = task;
        return V0_3.A2AService.Descriptor.FindMethodByName(name);
    }

    /// <summary>What a message cannot express is as wrong in a way that it can.</summary>
    private static byte[] MessageOf(MessageDescriptor type, JsonObject json)
    {
        var (state, moment) = (json["status"], json["statusTimestampAfter"]);
        var isNoState = state is not null && V1.A2AService.Descriptor.File.EnumTypes
            .All(each => each.FindValueByName($"{state}") is null);
        var isNoMoment = moment is not null && !DateTimeOffset.TryParse($"{moment}", out _);
        if (isNoState)
            json["status"] = 99;
        if (isNoMoment)
            json.Remove("statusTimestampAfter");
        var message = Parser.Parse(json.ToJsonString(), type);
        if (isNoMoment)
            ((V1.ListTasksRequest)message).StatusTimestampAfter = new() { Nanos = -1 };
        return message.ToByteArray();
    }
}
