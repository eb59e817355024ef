using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Tests.Security.Limits;

public sealed class OpenStreamsTests
{
    private static readonly Identity Alice = new("alice") { Authority = "test" };
    private static readonly Identity Bob = new("bob") { Authority = "test" };

    [Fact]
    public void ACallerHasSoManyOpenAndOneThatIsClosedMakesRoom()
    {
        var streams = new OpenStreams(Options.Create(new LimitOptions { OpenStreams = 2 }));
        var first = streams.Open(Alice);
        streams.Open(Alice);

        var refusal = Assert.Throws<A2AException>(() => streams.Open(Alice));

        Assert.Equal("OpenStreams", refusal.Metadata["limit"]);
        streams.Open(Bob);
        first.Dispose();
        first.Dispose();
        streams.Open(Alice);
        Assert.Throws<A2AException>(() => streams.Open(Alice));
    }

    [Fact]
    public void AllTogetherHaveALimitTooAndARefusalTakesNoPlace()
    {
        var streams = new OpenStreams(Options.Create(new LimitOptions { OpenStreams = 1, TotalOpenStreams = 2 }));
        streams.Open(Alice);
        Assert.Throws<A2AException>(() => streams.Open(Alice));
        var anonymous = streams.Open(null);

        var refusal = Assert.Throws<A2AException>(() => streams.Open(Bob));

        Assert.Equal("TotalOpenStreams", refusal.Metadata["limit"]);
        anonymous.Dispose();
        streams.Open(Bob);
    }

    [Fact]
    public void ManyAtOnceAreCountedRight()
    {
        var streams = new OpenStreams(Options.Create(new LimitOptions { OpenStreams = 0 }));
        var limited = new OpenStreams(Options.Create(new LimitOptions { OpenStreams = 4 }));
        Parallel.For(0, 2000, i =>
        {
            using var free = streams.Open(Alice);
            try
            {
                using var place = limited.Open(i % 2 == 0 ? Alice : Bob);
            }
            catch (A2AException)
            {
                // Full for the moment.
            }
        });

        Assert.All([Alice, Bob], caller => Assert.All(Enumerable.Range(0, 4), _ => limited.Open(caller)));
        Assert.Throws<A2AException>(() => limited.Open(Alice));
    }
}
