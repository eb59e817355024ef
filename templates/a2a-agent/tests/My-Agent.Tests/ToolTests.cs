namespace My_Agent.Tests;

public class ToolTests
{
    [Fact]
    public void ADieHasItsSides() => Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(Tools.RollDice(6), 1, 6));
}
