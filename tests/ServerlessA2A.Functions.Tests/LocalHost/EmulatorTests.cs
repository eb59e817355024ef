using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Google.Api.Gax;
using Google.Cloud.PubSub.V1;
using Google.Protobuf;
using ServerlessA2A.Functions.Tests.Deployed;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.LocalHost;

/// <summary>The local host with its tasks in the emulators.</summary>
public partial class EmulatorTests
{
    private readonly string _project = TestProject.NewId();

    [SkippableFact]
    public async Task TasksOutliveTheProcess()
    {
        var settings = await SettingsAsync();
        await using var first = RunningProgram.Start(Programs.Agent, target: null, settings);
        using var client = new HttpClient { BaseAddress = await first.AddressAsync() };
        var sent = (await client.CallAsync(Requests.Send("hello"))).GetProperty("task");
        Assert.Equal(0, await first.StopAsync());

        await using var second = RunningProgram.Start(Programs.Agent, target: null, settings);
        using var clientOfTheSecond = new HttpClient { BaseAddress = await second.AddressAsync() };
        var read = await clientOfTheSecond.CallAsync(Requests.Get(sent.GetProperty("id").GetString()!));
        Assert.Equal(0, await second.StopAsync());

        Assert.Equal("TASK_STATE_COMPLETED", sent.State());
        Assert.Equal(sent.GetRawText(), read.GetRawText());
        Assert.Contains(
            first.Output, line => settings.Where(setting => setting.Name.EndsWith("_HOST", StringComparison.Ordinal))
            .All(host => line.Contains(host.Value, StringComparison.Ordinal)));
        Assert.Empty(first.LoggedErrors.Concat(second.LoggedErrors).Concat(first.Errors).Concat(second.Errors));
    }

    [SkippableFact]
    public async Task WhatNobodyCanReadEndsAsADeadLetter()
    {
        await using var program = RunningProgram.Start(Programs.Agent, target: null, await SettingsAsync());
        await program.AddressAsync();

        var publisher = SharedEmulator.PubSub.With(
            await SharedEmulator.PubSub.HostAsync(),
            () => new PublisherServiceApiClientBuilder { EmulatorDetection = EmulatorDetection.EmulatorOnly }.Build());
        await publisher.PublishAsync(
            new TopicName(_project, "a2a-tasks"), [new PubsubMessage { Data = ByteString.CopyFromUtf8("not JSON") }],
            CancellationToken.None);

        await program.LineAsync(line => line.Contains("is not a run request; acknowledged", StringComparison.Ordinal));
        Assert.Equal(0, await program.StopAsync());
        Assert.Equal(5, program.Output.Count(line => line.Contains("RunTaskFunction failed for message", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task ARunThatIsInterruptedGoesOnInTheNextProcess()
    {
        var settings = await SettingsAsync();
        await using var first = RunningProgram.Start(Programs.TestAgent, target: null, settings);
        using var client = new HttpClient { BaseAddress = await first.AddressAsync() };
        await using var gate = await Gate.StartAsync();
        var send = Requests.Send($"count 20 5ms checkpoint 1 {gate.After(10)}", returnImmediately: true);
        var id = (await client.CallAsync(send)).GetProperty("task").GetProperty("id").GetString()!;
        await gate.ReachedAsync();
        Assert.Equal(0, await first.StopAsync());

        gate.Open();
        await using var second = RunningProgram.Start(Programs.TestAgent, target: null, settings);
        using var clientOfTheSecond = new HttpClient { BaseAddress = await second.AddressAsync() };
        await second.LineAsync(line => line.Contains($"Counting for {id} begins", StringComparison.Ordinal));
        var task = await clientOfTheSecond.EndOfAsync(id);

        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        Assert.Equal(Requests.Count(20), task.ArtifactText());
        Assert.Empty(first.LoggedErrors.Concat(second.LoggedErrors));
    }

    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task ItStartsEmulatorsOfItsOwnAndTheyEndWithIt(string signal)
    {
        await SettingsAsync();
        await using var program = RunningProgram.Start(Programs.Agent, ["--emulators", "--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        var task = (await client.CallAsync(Requests.Send("hello"))).GetProperty("task");

        await program.SignalAsync(signal);
        await program.ExitAsync();

        Assert.Equal("TASK_STATE_COMPLETED", task.State());
        var hosts = Host().Matches(program.Output.Single(line => line.StartsWith("Tasks are kept", StringComparison.Ordinal)));
        Assert.Equal(2, hosts.Count);
        foreach (var host in hosts.Select(host => IPEndPoint.Parse(host.Value)))
            await RefusesAsync(host).WithinLimit($"the emulator at {host} ends");
        Assert.Empty(program.Errors);
    }

    [Fact]
    public async Task WhatIsMissingForTheEmulatorsIsToldInOneLine()
    {
        // Where dotnet is, and neither gcloud nor Java.
        var path = Path.GetDirectoryName(Environment.ProcessPath)!;
        await using var program = RunningProgram.Start(Programs.Agent, ["--emulators"], ("PATH", path));

        Assert.NotEqual(0, await program.ExitAsync());

        var line = Assert.Single(program.Errors);
        Assert.StartsWith("--emulators: ", line, StringComparison.Ordinal);
        Assert.Contains("install", line, StringComparison.Ordinal);
        Assert.Empty(program.Output);
    }

    [Fact]
    public async Task AnEmulatorThatIsNotThereIsToldInOneLine()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, target: null, ("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1"), ("PUBSUB_EMULATOR_HOST", "127.0.0.1:1"));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains("PUBSUB_EMULATOR_HOST is 127.0.0.1:1", Assert.Single(program.Errors), StringComparison.Ordinal);
    }

    private async Task<(string Name, string Value)[]> SettingsAsync() =>
    [
        ("FIRESTORE_EMULATOR_HOST", await SharedEmulator.Firestore.HostAsync()),
        ("PUBSUB_EMULATOR_HOST", await SharedEmulator.PubSub.HostAsync()),
        ("GOOGLE_CLOUD_PROJECT", _project),
    ];

    private static async Task RefusesAsync(IPEndPoint host)
    {
        while (true)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(host);
            }
            catch (SocketException)
            {
                return;
            }

            await Task.Delay(20);
        }
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Host();
}
