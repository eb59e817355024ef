using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Tests.Security.Limits;

public sealed class LimitOptionsTests
{
    [Fact]
    public void WhatIsNotSetIsNoFault() => Assert.Empty(new LimitOptions().Validate());

    [Fact]
    public void AllFaultsAreToldAtOnceWithSettingValueAndRemedy()
    {
        var options = new LimitOptions
        {
            RequestsPerSecond = -1,
            TotalRequestsPerSecond = double.NaN,
            RefusalsPerSecond = -1,
            OpenStreams = -1,
            TotalOpenStreams = -2,
            UnfinishedTasks = -3,
            TotalUnfinishedTasks = -4,
            RequestBurst = 0,
            TotalRequestBurst = 0,
            MessageSize = 0,
            HistoryMessages = 0,
            HistorySize = 0,
            PushConfigs = 0,
        };

        var faults = options.Validate().ToList();

        Assert.Equal(13, faults.Count);
        Assert.Contains("A2A:Limits:RequestsPerSecond (A2A__Limits__RequestsPerSecond) is -1: set a number above 0, or 0 for no limit.", faults);
        Assert.Contains("A2A:Limits:PushConfigs (A2A__Limits__PushConfigs) is 0: set at least 1.", faults);
    }
}
