using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class UsageTotalsTests
{
    [Fact]
    public void WhatIsSpentAddsUpAndThoughtsAreNoAnswer()
    {
        var totals = new UsageTotals(Calls: 1, Model: "m")
            .Plus(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 7, ReasoningTokenCount = 5 })
            .Plus(new UsageDetails { InputTokenCount = 20, OutputTokenCount = 3 });

        Assert.Equal(new UsageTotals(Input: 30, Output: 5, Thinking: 5, Calls: 1, Model: "m"), totals);
    }

    [Fact]
    public void ThoughtsThatAreCountedApartAreNoPartOfTheAnswer() => Assert.Equal(
        new UsageTotals(Output: 3, Thinking: 5), new UsageTotals()
        .Plus(new UsageDetails { OutputTokenCount = 3, ReasoningTokenCount = 5 }));

    [Fact]
    public void WhatIsNotToldIsNothing() => Assert.Equal(new UsageTotals(), new UsageTotals().Plus(new UsageDetails()));

    [Fact]
    public void TheTotalsAreToldByTheirNames()
    {
        Assert.Equal(
            """{"model":"gemini-3.5-flash","calls":2,"inputTokens":30,"outputTokens":5,"thinkingTokens":4}""",
            new UsageTotals(Input: 30, Output: 5, Thinking: 4, Calls: 2, Model: "gemini-3.5-flash").ToJson().ToJsonString());
        Assert.Equal("""{"model":null,"calls":0,"inputTokens":0,"outputTokens":0,"thinkingTokens":0}""", new UsageTotals().ToJson().ToJsonString());
    }
}
