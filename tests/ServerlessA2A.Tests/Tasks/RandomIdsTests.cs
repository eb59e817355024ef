using System.Collections.Concurrent;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Tasks;

public class RandomIdsTests
{
    [Fact]
    public void EachIdIsARandomUuid()
    {
        var ids = new RandomIds();

        for (var i = 0; i < 1000; i++)
            Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", ids.Next());
    }

    [Fact]
    public void NoIdIsGivenOutTwiceHoweverManyAskAtOnce()
    {
        var ids = new RandomIds();
        var drawn = new ConcurrentDictionary<string, bool>();

        Parallel.For(0, 10_000, _ => Assert.True(drawn.TryAdd(ids.Next(), true)));
    }
}
