using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Functions.Tests.Telemetry;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>One trace shows a task in the deployed shape, from processes that share nothing but the store and Pub/Sub.</summary>
[Collection(nameof(SharedDeployment))]
public class OneTraceTests
{
    private const string ClientSpan = "00f067aa0ba902b7";
    private const string HandedOver = "handed_over";

    [SkippableFact]
    public async Task OneTraceLeadsFromTheRequestThroughQueueRunsHandOversAndStreamsToTheWebhook()
    {
        await using var otlp = await OtlpReceiver.StartAsync();
        await using var webhook = await WebhookReceiver.StartAsync();
        await using var deployment = await Deployment.StartAsync(
            notifies: 1,
            settings:
            [
                .. WebhookDeployment.Settings(),
                ("A2A__Telemetry__Endpoint", otlp.Address),
                // The schedule exports what a request could not: on a slow machine the receiver's answer may take longer than a flush
                // waits.
                ("OTEL_BSP_SCHEDULE_DELAY", "1000"),
                ("A2A__Webhooks__AllowHttp", "true"),
                // A second after its begin a run hands over with its next checkpoint.
                ("A2A__Tasks__RunTimeLimit", "00:01:00"),
                ("Test__Tasks__HandOverMargin", "00:00:59"),
            ]);
        var trace = $"{Guid.NewGuid():N}";

        var id = await SendAsync(deployment, trace, WebhookRequests.Send("count 30 60ms checkpoint 5", new Uri(webhook.Address, "/hook")));
        await StreamAsync(deployment, trace, id);
        List<ReceivedSpan> spans = [];
        await otlp.UntilAsync(IsWhole, "the trace is whole");
        await otlp.UntilAsync(received => received.Metrics.Contains("a2a.request.duration"), "the metrics are exported");

        Assert.All(spans, span => Assert.Contains(span.ParentId, spans.Select(each => each.SpanId).Append(ClientSpan)));
        Assert.Equal("MessageFunction", Only("SendMessage").Service);
        Assert.Equal("MessageFunction", Only("SubscribeToTask").Service);
        Assert.All(Named("run task"), run => Assert.Equal("RunTaskFunction", run.Service));
        Assert.Equal("TASK_STATE_COMPLETED", Named("run task").Single(run => !IsHandOver(run)).Attributes["a2a.run.outcome"]);
        // Each continuation is published by the run before it.
        Assert.All(
            Named("run task").Where(IsHandOver), run => Assert.Contains(Named("send a2a-tasks"), send => send.ParentId == run.SpanId));
        Assert.Equal(Named("run task").Count, Named("process a2a-tasks").Count);
        Assert.All(Named("invoke_agent ServerlessA2A"), agent => Assert.Contains(Named("run task"), run => run.SpanId == agent.ParentId));
        Assert.All(Named("POST webhook"), attempt => Assert.Equal("NotifyFunction", attempt.Service));
        Assert.Contains(spans, span => span is { Name: "commit", Service: "RunTaskFunction", Source: "ServerlessA2A.GoogleCloud" });
        Assert.Contains(spans, span => span.Source == "Microsoft.AspNetCore" && span.ParentId == ClientSpan && span.Name == "POST");
        var resource = Only("SendMessage").Resource;
        Assert.Equal(
            ("gcp", "MessageFunction", "MessageFunction-00001-abc", deployment.Project),
            (resource["cloud.provider"], resource["faas.name"], resource["faas.version"], resource["gcp.project_id"]));
        Assert.True(!OperatingSystem.IsLinux() || deployment.Messages[0].Program.LoadedAssemblies.Contains("OpenTelemetry"));
        Assert.All(deployment.Instances, instance => Assert.Empty(instance.LoggedErrors));

        List<ReceivedSpan> Named(string name) => [.. spans.Where(span => span.Name == name)];

        ReceivedSpan Only(string name) => Assert.Single(Named(name));

        bool IsWhole(OtlpReceiver received)
        {
            spans = [.. received.Spans.Where(span => span.TraceId == trace)];
            var ids = spans.Select(span => span.SpanId).Append(ClientSpan).ToHashSet();
            return spans.Any(span => span is { Name: "SubscribeToTask" }) && spans.Any(IsHandOver) &&
                spans.Any(span => span.Name == "run task" && !IsHandOver(span)) &&
                webhook.Received is [.., { State: "TASK_STATE_COMPLETED" }] &&
                spans.Count(span => span.Name == "POST webhook") == webhook.Received.Count &&
                spans.TrueForAll(span => ids.Contains(span.ParentId));
        }
    }

    private static bool IsHandOver(ReceivedSpan span) => span.Attributes.GetValueOrDefault("a2a.run.outcome") == HandedOver;

    private static async Task<string> SendAsync(Deployment deployment, string trace, string body)
    {
        using var response = await PostAsync(deployment.Messages[0], trace, body);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!;
    }

    private static async Task StreamAsync(Deployment deployment, string trace, string id)
    {
        using var response = await PostAsync(deployment.Messages[1], trace, Requests.About("SubscribeToTask", id));
        var stream = await response.Content.ReadAsStringAsync();
        Assert.Contains("TASK_STATE_COMPLETED", stream, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(FunctionInstance message, string trace, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = Requests.Json(body) };
        request.Headers.Add("traceparent", $"00-{trace}-{ClientSpan}-01");
        var response = await message.Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return response;
    }
}
