using Grpc.Core;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions.Local.Emulators;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.LocalHost;

/// <summary>What the local host makes of a Pub/Sub that does not answer. An exception would end it.</summary>
public class EmulatorCallsTests
{
    private readonly CollectedLogs _logs = new();

    public static TheoryData<Exception> Failures =>
    [
        new RpcException(new Status(StatusCode.Unavailable, "It is away.")),
        new OperationCanceledException("It is away."),
        new TaskCanceledException("It is away."),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task ACallThatFailsIsAWarningHoweverItFails(Exception failure)
    {
        Assert.False(await TryAsync(_ => Task.FromException(failure), default));
        Assert.Equal("Pub/Sub emulator not responding; retrying: It is away.", Assert.Single(_logs.AtLeast(LogLevel.Warning)));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task ACallThatEndsWithTheHostIsNone(Exception failure)
    {
        Assert.False(await TryAsync(_ => Task.FromException(failure), new CancellationToken(canceled: true)));
        Assert.Empty(_logs.Entries);
    }

    [Fact]
    public async Task ACallThatGoesWellIsToldApart()
    {
        Assert.True(await TryAsync(_ => Task.CompletedTask, default));
        Assert.Empty(_logs.Entries);
    }

    [Fact]
    public async Task AMistakeOfOursIsNotHidden() =>
        await Assert.ThrowsAsync<ArgumentException>(() => TryAsync(_ => throw new ArgumentException("x"), default));

    private Task<bool> TryAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        EmulatorCalls.TryAsync(call, _logs.LoggerFor<EmulatorCallsTests>(), cancellationToken);
}
