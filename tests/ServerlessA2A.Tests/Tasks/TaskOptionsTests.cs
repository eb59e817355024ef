using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Tasks;

public class TaskOptionsTests
{
    [Fact]
    public void TheDefaultsAreValid() => Assert.Empty(new TaskOptions().Validate());

    [Fact]
    public void AllFaultsAreToldAtOnceEachWithItsSettingItsVariableItsValueAndWhatToDo() => Assert.Equal(
        [
            "A2A:Tasks:Retention (A2A__Tasks__Retention) is 00:00:59: set at least 00:01:00.",
            "A2A:Tasks:RunTimeLimit (A2A__Tasks__RunTimeLimit) is 00:00:00: set a time above 0, below the trigger's limit.",
            "A2A:Tasks:HandOverMargin (A2A__Tasks__HandOverMargin) is 00:00:00: set a time from 0 to below RunTimeLimit (00:00:00).",
            "A2A:Tasks:StopGrace (A2A__Tasks__StopGrace) is -00:00:01: set 0 or more.",
            "A2A:Tasks:LeaseDuration (A2A__Tasks__LeaseDuration) is 00:00:00.9990000: set at least 00:00:01.",
            "A2A:Tasks:MaxAttempts (A2A__Tasks__MaxAttempts) is 0: set at least 1.",
            "A2A:Tasks:WorkLimit (A2A__Tasks__WorkLimit) is 00:00:00: set a time above 0.",
            "A2A:Tasks:MaxArtifactSize (A2A__Tasks__MaxArtifactSize) is 0: set 1 to 25165824 bytes.",
            "A2A:Tasks:SweepDelay (A2A__Tasks__SweepDelay) is -00:00:01: set 0 or more.",
            "A2A:Tasks:GatherInterval (A2A__Tasks__GatherInterval) is -00:00:01: set 0 or more.",
            "A2A:Tasks:GatherSize (A2A__Tasks__GatherSize) is 0: set at least 1.",
        ],
        new TaskOptions
        {
            Retention = TimeSpan.FromSeconds(59),
            RunTimeLimit = TimeSpan.Zero,
            HandOverMargin = TimeSpan.Zero,
            StopGrace = TimeSpan.FromSeconds(-1),
            LeaseDuration = TimeSpan.FromMilliseconds(999),
            MaxAttempts = 0,
            WorkLimit = TimeSpan.Zero,
            MaxArtifactSize = 0,
            SweepDelay = TimeSpan.FromSeconds(-1),
            GatherInterval = TimeSpan.FromSeconds(-1),
            GatherSize = 0,
        }.Validate());

    [Fact]
    public void NoMoreArtifactsAreAllowedThanEveryStoreHolds()
    {
        Assert.Empty(new TaskOptions { MaxArtifactSize = 25_165_824 }.Validate());
        Assert.Equal(
            ["A2A:Tasks:MaxArtifactSize (A2A__Tasks__MaxArtifactSize) is 25165825: set 1 to 25165824 bytes."],
            new TaskOptions { MaxArtifactSize = 25_165_825 }.Validate());
    }
}
