using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Tests.Security.Limits;

public sealed class LimitOptionsTests
{
    [Fact]
    public void DefaultsAreValid() => Assert.Empty(new LimitOptions().Validate());

    [Fact]
    public void ReportsAllFaultsWithSettingValueAndRemedy()
    {
        var options = new LimitOptions
        {
            RequestsPerSecond = -1,
            TotalRequestsPerSecond = double.NaN,
            OpenStreams = -1,
            TotalOpenStreams = -2,
            UnfinishedTasks = -3,
            TotalUnfinishedTasks = -4,
        };

        var faults = options.Validate().ToList();

        Assert.Equal(6, faults.Count);
        Assert.Contains(
            "A2A:Limits:TotalUnfinishedTasks (A2A__Limits__TotalUnfinishedTasks) is -4: set a number above 0, or 0 for no limit.", faults);
        Assert.Contains(
            "A2A:Limits:RequestsPerSecond (A2A__Limits__RequestsPerSecond) is -1: set a number above 0, or 0 for no limit.", faults);
    }

    [Theory]
    [InlineData(50, 100)]
    [InlineData(0.01, 1)]
    [InlineData(1.2, 3)]
    public void ABurstIsTwoSecondsOfTheRate(double rate, int burst) => Assert.Equal(
        (burst, burst),
        (new LimitOptions { RequestsPerSecond = rate }.RequestBurst, new LimitOptions { TotalRequestsPerSecond = rate }.TotalRequestBurst));
}
