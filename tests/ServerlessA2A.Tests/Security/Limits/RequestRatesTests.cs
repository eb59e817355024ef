using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Limits;

public sealed class RequestRatesTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void EachCallerHasARateOfItsOwn()
    {
        var rates = Rates(new() { RequestsPerSecond = 1, RequestBurst = 2 });
        rates.Take(Caller("alice"));
        rates.Take(Caller("alice"));

        var refusal = rates.Take(Caller("alice"));

        Assert.Null(rates.Take(Caller("bob")));
        Assert.Null(rates.Take(Caller("alice", authority: "another")));
        Assert.NotNull(refusal);
        Assert.Equal((A2AError.ResourceExhausted, TimeSpan.FromSeconds(1)), (refusal.Error, refusal.RetryAfter));
        Assert.Equal("You make too many requests a second: RequestsPerSecond is 1.", refusal.Message);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(rates.Take(Caller("alice")));
    }

    [Fact]
    public void AllTogetherHaveOneToo()
    {
        var rates = Rates(new() { TotalRequestsPerSecond = 10, TotalRequestBurst = 1 });
        Assert.Null(rates.Take());

        var refusal = rates.Take();

        Assert.NotNull(refusal);
        Assert.Equal(("TotalRequestsPerSecond", "10"), (refusal.Metadata["limit"], refusal.Metadata["value"]));
    }

    [Fact]
    public void WithoutALimitNothingIsCounted()
    {
        var rates = Rates(new() { RequestsPerSecond = 0, TotalRequestsPerSecond = 0 });
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Null(rates.Take());
            Assert.Null(rates.Take(Caller("alice")));
        }
    }

    [Fact]
    public void WhoIsQuietIsForgottenAndWhoIsNotIsNot()
    {
        var rates = Rates(new() { RequestsPerSecond = 1, RequestBurst = 1 });
        for (var i = 0; i < 10_000; i++)
            rates.Take(Caller($"quiet {i}"));
        _time.Advance(TimeSpan.FromSeconds(1));
        // The first one of 10,000, who is full again; all of them are.
        rates.Take(Caller("busy"));
        rates.Take(Caller("one more"));

        Assert.NotNull(rates.Take(Caller("busy")));
    }

    private static Identity Caller(string name, string authority = "test") => new(name) { Authority = authority };

    private RequestRates Rates(LimitOptions options) => new(Options.Create(options), _time);
}
