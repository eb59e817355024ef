using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud.PubSub;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>A run belongs to the trace of the request that asked for it.</summary>
public class RunTaskTraceTests() : FunctionTest<RunTaskFunction>(new TestSetup { Services = services => services.AddAgent<TraceTeller>() })
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task TheAgentWorksUnderTheTraceOfTheMessage()
    {
        var store = Server.Host.Services.GetRequiredService<ITaskStore>();
        var id = await TestTasks.CreateAsync(store);
        var message = new PubSubMessage
        {
            Data = Encoding.UTF8.GetBytes(PubSub.RunRequest(id)),
            Attributes = new Dictionary<string, string> { ["traceparent"] = $"00-{TraceId}-b7ad6b7169203331-01" },
        };

        using var response = await SendAsync(
            HttpMethod.Post, "/", Requests.Json(new PubSubEvent { Message = message }.ToCloudEventData().GetRawText()),
            PubSub.EventHeaders);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var task = (await store.ReadAsync(owner: null, id, default))!.Task;
        Assert.Equal($"process {TraceId}", task.Artifacts![0].Parts[0].Text);
    }

    private sealed class TraceTeller : IAgent
    {
        public async IAsyncEnumerable<AgentUpdate> RunAsync(
            AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return AgentUpdate.Artifact("trace", $"{Activity.Current?.OperationName} {Activity.Current?.TraceId.ToHexString()}");
        }
    }
}
