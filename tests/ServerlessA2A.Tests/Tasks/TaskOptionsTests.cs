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
            "A2A:Tasks:RunTimeLimit (A2A__Tasks__RunTimeLimit) is 00:00:30: set a time above 00:00:30, " +
            "below the time limit of the trigger.",
            "A2A:Tasks:WorkLimit (A2A__Tasks__WorkLimit) is 00:00:00: set a time above 0.",
            "A2A:Tasks:GatherInterval (A2A__Tasks__GatherInterval) is -00:00:01: set 0 or more.",
        ],
        new TaskOptions
        {
            Retention = TimeSpan.FromSeconds(59),
            RunTimeLimit = TimeSpan.FromSeconds(30),
            WorkLimit = TimeSpan.Zero,
            GatherInterval = TimeSpan.FromSeconds(-1),
        }.Validate());

    /// <summary>It would expire while it is worked on, without a terminal state.</summary>
    [Fact]
    public void ATaskIsRetainedForAtLeastAsLongAsItMayBeWorkedOn()
    {
        Assert.Equal(
            ["A2A:Tasks:Retention (A2A__Tasks__Retention) is 23:59:59: set at least A2A:Tasks:WorkLimit (A2A__Tasks__WorkLimit), " +
            "1.00:00:00, or lower that."],
            new TaskOptions { Retention = TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1) }.Validate());
        Assert.Empty(new TaskOptions { Retention = TimeSpan.FromDays(1) }.Validate());
    }
}
