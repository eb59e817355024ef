using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>The spans and metrics of models and tools, by the GenAI conventions.</summary>
public sealed class ChatTelemetryTests : ChatAgentTest
{
    [Fact]
    public async Task EachTurnAndEachToolIsASpanBelowTheAgentsAndHoldsNoContent()
    {
        var seen = new List<string?>();
        Model.Enqueue(
            ModelTurn.Say("A secret.").Call("look", new { city = "secret" }).WithUsage(10, 5),
            ModelTurn.Say("Sunny.").WithUsage(20, 7));
        var agent = NewAgent(services => services.AddAgentTool(
            (string city) =>
            {
                seen.Add(Activity.Current?.DisplayName);
                return "secret " + city;
            },
            "look"));
        using var telemetry = CollectedTelemetry.Start();

        await AskAsync(agent, "Weather?");

        var invoked = Assert.Single(telemetry.Spans, span => span.DisplayName.StartsWith("invoke_agent ", StringComparison.Ordinal));
        var turns = telemetry.Spans.Where(span => span.DisplayName == "chat scripted-1").ToList();
        var tool = telemetry.Span("execute_tool look");
        Assert.All(turns.Append(tool), span => Assert.Equal(invoked.SpanId, span.ParentSpanId));
        Assert.Equal(2, turns.Count);
        Assert.All(turns, turn =>
        {
            Assert.Equal(ActivityKind.Client, turn.Kind);
            Assert.Equal("chat", turn.GetTagItem("gen_ai.operation.name"));
            Assert.Equal("scripted", turn.GetTagItem("gen_ai.provider.name"));
            Assert.Equal("scripted-1", turn.GetTagItem("gen_ai.request.model"));
        });
        Assert.Equal<object?>([10L, 20L], turns.Select(turn => turn.GetTagItem("gen_ai.usage.input_tokens")));
        Assert.Equal<object?>([5L, 7L], turns.Select(turn => turn.GetTagItem("gen_ai.usage.output_tokens")));
        Assert.Equal("look", tool.GetTagItem("gen_ai.tool.name"));
        // What a tool calls belongs to it.
        Assert.Equal(["execute_tool look"], seen);
        Assert.DoesNotContain(
            telemetry.Spans.SelectMany(span => span.TagObjects), tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TokensAndDurationsAreMeasured()
    {
        Model.Enqueue(ModelTurn.Call("look").WithUsage(10, 5), ModelTurn.Say("Sunny.").WithUsage(20, 7));
        var agent = NewAgent(services => services.AddAgentTool(() => "there", "look"));
        using var telemetry = CollectedTelemetry.Start();

        await AskAsync(agent, "Weather?");

        Assert.Equal(
            [("input", 10d), ("output", 5d), ("input", 20d), ("output", 7d)],
            telemetry.Measured("gen_ai.client.token.usage").Select(each => ((string)each.Tags["gen_ai.token.type"]!, each.Value)));
        Assert.All(
            telemetry.Measured("gen_ai.client.token.usage"), each => Assert.Equal("scripted-1", each.Tags["gen_ai.request.model"]));
        Assert.All(
            telemetry.Measured("gen_ai.client.token.usage"), each => Assert.Equal("scripted", each.Tags["gen_ai.provider.name"]));
        Assert.Equal<object?>(
            ["chat", "execute_tool", "chat"],
            telemetry.Measured("gen_ai.client.operation.duration").Select(each => each.Tags["gen_ai.operation.name"]));
        Assert.Equal<object?>(
            ["scripted", null, "scripted"],
            telemetry.Measured("gen_ai.client.operation.duration").Select(each => each.Tags.GetValueOrDefault("gen_ai.provider.name")));
    }

    [Theory]
    [InlineData(true, "InvalidDataException")]
    [InlineData(false, "invalid_call")]
    public async Task AToolThatFailsHasTheKindOfItsFailure(bool exists, string error)
    {
        Model.Enqueue(ModelTurn.Call(exists ? "look" : "listen"), ModelTurn.Say("Sorry."));
        var agent = NewAgent(services => services.AddAgentTool(
            string () => throw new InvalidDataException("secret"), "look"));
        using var telemetry = CollectedTelemetry.Start();

        await AskAsync(agent, "Weather?");

        var tool = Assert.Single(telemetry.Spans, span => span.DisplayName.StartsWith("execute_tool ", StringComparison.Ordinal));
        Assert.Equal((ActivityStatusCode.Error, error), (tool.Status, tool.GetTagItem("error.type")));
        Assert.Contains(
            telemetry.Measured("gen_ai.client.operation.duration"), each => error.Equals(each.Tags.GetValueOrDefault("error.type")));
    }

    [Fact]
    public async Task AModelThatFailsHasTheKindOfItsFailure()
    {
        Model.Enqueue(ModelTurn.Fail(new InvalidDataException("secret")));
        using var telemetry = CollectedTelemetry.Start();

        await AskAsync(NewAgent(), "Weather?");

        var turn = telemetry.Span("chat scripted-1");
        Assert.Equal((ActivityStatusCode.Error, "InvalidDataException"), (turn.Status, turn.GetTagItem("error.type")));
    }
}
