using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Grpc.Tests.Calls;

/// <summary>Damaged messages to every method of both services: no fault of the server's, and no hang.</summary>
public sealed class DamagedMessageTests
{
    private const int Messages = 10_000;
    private const int Seed = 20261130;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Marshaller<byte[]> Bytes = new(message => message, bytes => bytes);

    [Fact]
    public async Task TheyAreRefusedOrAnswered()
    {
        await using var host = await AgentHost.StartAsync(
            _ => { }, cardOnly: false, inProcess: true, ("Http:RequestTimeLimit", "00:00:02"), ("Limits:RequestsPerSecond", "0"));
        using var channel = host.NewChannel();
        var invoker = channel.CreateCallInvoker();
        var task = await new V1.A2AService.A2AServiceClient(channel).SendMessageAsync(Sample("ask"));
        var (random, samples) = (new Random(Seed), Samples(task.Task.Id));
        var damaged = Enumerable.Range(0, Messages).Select(i => samples[i % samples.Count])
            .Select(sample => (sample.Method, Damage(sample.Message, random)));
        var statuses = new ConcurrentDictionary<StatusCode, int>();

        await Parallel.ForEachAsync(damaged.ToList(), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (call, _) =>
        {
            var (method, message) = call;
            var status = await StatusOfAsync(invoker, method, message).WaitAsync(Patience, CancellationToken.None);
            statuses.AddOrUpdate(status.StatusCode, 1, (_, count) => count + 1);
            Assert.True(
                status.StatusCode is not (StatusCode.Internal or StatusCode.Unknown or StatusCode.Unavailable),
                $"{method.FullName} {status} {Convert.ToHexString(message)}");
            Assert.DoesNotContain("Exception", status.Detail, StringComparison.Ordinal);
        });

        Assert.True(statuses[StatusCode.InvalidArgument] > Messages / 10, string.Join(", ", statuses));
        Assert.True(statuses[StatusCode.OK] > Messages / 100, string.Join(", ", statuses));
        Assert.True(statuses[StatusCode.NotFound] > Messages / 100, string.Join(", ", statuses));
    }

    [Fact]
    public async Task AMessageThatIsNoneIsAParseErrorWithDetails()
    {
        await using var host = await AgentHost.StartAsync();
        using var channel = host.NewChannel();
        var method = new Method<byte[], byte[]>(MethodType.Unary, "lf.a2a.v1.A2AService", "GetTask", Bytes, Bytes);

        var refused = await Assert.ThrowsAsync<RpcException>(() =>
            channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, [0xff, 0xff, 0xff]).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("The request is not a valid lf.a2a.v1.GetTaskRequest message.", refused.Status.Detail);
        var details = Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal("PARSE_ERROR", details.Details[0].Unpack<Google.Rpc.ErrorInfo>().Reason);
    }

    private static async Task<Status> StatusOfAsync(CallInvoker invoker, Method<byte[], byte[]> method, byte[] message)
    {
        try
        {
            if (method.Type == MethodType.Unary)
            {
                await invoker.AsyncUnaryCall(method, null, default, message).ResponseAsync;
                return Status.DefaultSuccess;
            }

            using var stream = invoker.AsyncServerStreamingCall(method, null, default, message);
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
            }

            return Status.DefaultSuccess;
        }
        catch (RpcException exception)
        {
            return exception.Status;
        }
    }

    private static V1.SendMessageRequest Sample(string text) => new()
    {
        Tenant = "t",
        Message = new()
        {
            MessageId = $"{Guid.NewGuid()}",
            ContextId = "c",
            Role = V1.Role.User,
            Parts =
            {
                new V1.Part { Text = text },
                new V1.Part { Data = FreeJsonSample, Metadata = FreeJsonSample.StructValue, MediaType = "application/json" },
            },
            Extensions = { "urn:x" },
        },
        Configuration = new()
        {
            AcceptedOutputModes = { "text/plain" },
            HistoryLength = 3,
            TaskPushNotificationConfig = new() { Url = "https://example.com/hook", Authentication = new() { Scheme = "Bearer" } },
        },
    };

    private static Google.Protobuf.WellKnownTypes.Value FreeJsonSample { get; } =
        Google.Protobuf.WellKnownTypes.Value.Parser.ParseJson("""{"a":[1,true,null,"x",{"b":{}}]}""");

    private static List<(Method<byte[], byte[]> Method, byte[] Message)> Samples(string taskId)
    {
        var name = $"tasks/{taskId}";
        var older = new V0_3.SendMessageRequest
        {
            Request = new()
            {
                MessageId = "m",
                Role = V0_3.Role.User,
                Content =
                {
                    new V0_3.Part { Text = "echo:x" }, new V0_3.Part { Data = new() { Data = FreeJsonSample.StructValue } },
                    new V0_3.Part { File = new() { FileWithBytes = ByteString.CopyFromUtf8("x"), MimeType = "text/plain" } },
                },
            },
            Configuration = new() { PushNotification = new() { Url = "https://example.com/hook" }, HistoryLength = 2 },
        };
        (Google.Protobuf.Reflection.ServiceDescriptor Service, string Method, IMessage Message)[] all =
        [
            (V1.A2AService.Descriptor, "SendMessage", Sample("echo:x")),
            (V1.A2AService.Descriptor, "SendStreamingMessage", Sample("echo:x")),
            (V1.A2AService.Descriptor, "GetTask", new V1.GetTaskRequest { Id = taskId, HistoryLength = 1, Tenant = "t" }),
            (V1.A2AService.Descriptor, "ListTasks", new V1.ListTasksRequest
            {
                ContextId = "c", PageSize = 3, Status = V1.TaskState.Working, StatusTimestampAfter = new() { Seconds = 1, Nanos = 1 },
            }),
            (V1.A2AService.Descriptor, "CancelTask", new V1.CancelTaskRequest { Id = "unknown", Metadata = FreeJsonSample.StructValue }),
            (V1.A2AService.Descriptor, "SubscribeToTask", new V1.SubscribeToTaskRequest { Id = "unknown" }),
            (V1.A2AService.Descriptor, "CreateTaskPushNotificationConfig", new V1.TaskPushNotificationConfig
            {
                TaskId = taskId, Url = "https://example.com/hook", Tenant = "t",
            }),
            (V1.A2AService.Descriptor, "ListTaskPushNotificationConfigs",
                new V1.ListTaskPushNotificationConfigsRequest { TaskId = taskId }),
            (V1.A2AService.Descriptor, "GetExtendedAgentCard", new V1.GetExtendedAgentCardRequest { Tenant = "t" }),
            (V0_3.A2AService.Descriptor, "SendMessage", older),
            (V0_3.A2AService.Descriptor, "SendStreamingMessage", older),
            (V0_3.A2AService.Descriptor, "GetTask", new V0_3.GetTaskRequest { Name = name, HistoryLength = 1 }),
            (V0_3.A2AService.Descriptor, "TaskSubscription", new V0_3.TaskSubscriptionRequest { Name = "tasks/unknown" }),
            (V0_3.A2AService.Descriptor, "CreateTaskPushNotificationConfig", new V0_3.CreateTaskPushNotificationConfigRequest
            {
                Parent = name, ConfigId = "c", Config = new() { PushNotificationConfig = new() { Url = "https://example.com/hook" } },
            }),
            (V0_3.A2AService.Descriptor, "ListTaskPushNotificationConfig",
                new V0_3.ListTaskPushNotificationConfigRequest { Parent = name }),
        ];
        return [.. all.Select(each => (
            new Method<byte[], byte[]>(
                each.Service.FindMethodByName(each.Method).IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary,
                each.Service.FullName, each.Method, Bytes, Bytes),
            each.Message.ToByteArray()))];
    }

    private static byte[] Damage(byte[] message, Random random)
    {
        var damaged = message.ToList();
        for (var rounds = random.Next(1, 4); rounds > 0 && damaged.Count > 0; rounds--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(6))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.RemoveRange(at, random.Next(damaged.Count - at));
                    break;
                case 3:
                    damaged.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    damaged.InsertRange(at, damaged.GetRange(random.Next(at + 1), random.Next(damaged.Count - at)));
                    break;
                default:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. damaged];
    }
}
