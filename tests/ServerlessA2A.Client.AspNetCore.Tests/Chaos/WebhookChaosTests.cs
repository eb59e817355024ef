using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Client.Webhooks;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Delivery;
using ServerlessA2A.Webhooks.Signing;
using Xunit.Abstractions;

namespace ServerlessA2A.Client.AspNetCore.Tests.Chaos;

/// <summary>
/// The engine's deliveries over HTTP to <c>MapA2AWebhook</c>, while calls and answers are lost, copies of them arrive later, workers die,
/// the handler fails, requests for deliveries come twice and in any order, and the agent's key is rotated: the handler gets each event once
/// and in order, and nothing that is forged. Only the clock between rounds is the test's.
/// </summary>
public sealed class WebhookChaosTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Tasks = 120;
    private const int MostRounds = 300;
    private const int RotationRound = 4;
    private const string Secret = "secret";

    private readonly ManualTimeProvider _clock = new();
    private readonly WebhookOptions _options = new() { AllowHttp = true, AllowLoopback = true, TimeLimit = TimeSpan.FromSeconds(0.5) };
    private readonly ConcurrentDictionary<string, List<long>> _handled = new();
    private readonly HttpClient _http = new();
    private Random _random = null!;
    private TestEngine _engine = null!;
    private WebhookSender _sender = null!;
    private UnreliableNetwork _network = null!;
    private WebApplication _receiver = null!;
    private SigningKeys _published = null!;
    private IWebhookSigner _signer = null!;
    private int _handlerFailures;

    private static string OldKey { get; } = TestKeys.Jwk(TestKeys.Ec, ("kid", "old"));

    private static string NewKey { get; } = TestKeys.Jwk(TestKeys.OtherEc, ("kid", "new"));

    private string Hook => _receiver.Urls.Single() + "/hook";

    public async Task InitializeAsync()
    {
        _engine = TestEngine.InMemory(_clock, webhooks: _options, options: new() { GatherInterval = TimeSpan.Zero });
        var options = Options.Create(_options);
        _sender = new WebhookSender(options, new AddressGuard(options, new AnyHostAddresses()), TimeProvider.System);
        _network = new UnreliableNetwork(Roll);
        _published = Keys(OldKey);
        _signer = Signer(OldKey);
        var builder = WebApplication.CreateSlimBuilder();
        // The audience of signatures is the address, which has to be known before the start.
        builder.WebHost.UseUrls($"http://127.0.0.1:{FreePort.Find()}");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        _receiver = builder.Build();
        _receiver.MapGet("/jwks", () => Results.Bytes(_published.WriteKeySet().ToArray(), "application/jwk-set+json"));
        _receiver.UseWhen(context => context.Request.Path == "/hook", hook => hook.Use(_network.PassAsync));
        _receiver.UseRouting();
        var address = builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey)!;
        _receiver.MapA2AWebhook("/hook", HandleAsync, webhook =>
        {
            webhook.KeySet = new Uri(address + "/jwks");
            webhook.Audience = address + "/hook";
            webhook.Token = Secret;
        });
        await _receiver.StartAsync();
    }

    public Task DisposeAsync() => _receiver.DisposeAsync().AsTask();

    public void Dispose()
    {
        _sender.Dispose();
        _http.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task EachEventIsHandledOnceAndInOrderAndNothingForged(int seed)
    {
        _random = new Random(seed);
        var tasks = new List<string>();
        var rounds = 0;
        while (rounds < MostRounds && (tasks.Count < Tasks || !await AreDoneAsync(tasks)))
        {
            // Whether the instances that sign have the new key before or after those that publish it: in either order, events wait.
            if (rounds == RotationRound)
                (_signer, _published) = seed % 2 == 0 ? (Signer(NewKey), _published) : (_signer, Keys(NewKey, OldKey));
            if (rounds == RotationRound + 2)
                (_signer, _published) = (Signer(NewKey), Keys(NewKey, OldKey));
            for (var i = Math.Min(Tasks - tasks.Count, 20); i > 0; i--)
                tasks.Add(await SendAsync());
            await Parallel.ForEachAsync(tasks.Where(_ => Roll(2) == 0), async (task, _) => await ContinueAsync(task));
            await DeliverAllAsync();
            await ReplayAsync();
            await ForgeAsync();
            _clock.Advance(TimeSpan.FromSeconds(5 + Roll(175)));
            await SweepAsync();
            rounds++;
        }

        output.WriteLine($"{tasks.Count} tasks, {_handled.Values.Sum(numbers => numbers.Count)} events in {rounds} rounds; {Describe()}");
        foreach (var task in tasks)
            Assert.Equal(await NumbersAsync(task), _handled.GetValueOrDefault(task, []));
        Assert.Equal(tasks.Order(), _handled.Keys.Order());
        Assert.Equal(6, _network.Faults.Count);
        Assert.NotEqual(0, _handlerFailures);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(401, await _network.Copies[0].SendAsync(_http, Hook));
    }

    private static SigningKeys Keys(params string[] keys) => new(TestKeys.Signing(keys));

    private JwtWebhookSigner Signer(string key) => new(
        Keys(key), Options.Create(_options),
        new HostedAgents([new HostedAgent("", _engine.Cards, () => throw new NotSupportedException())]), _clock, TestEngine.NewId);

    private int Roll(int below)
    {
        lock (_random)
            return _random.Next(below);
    }

    private string Describe() => string.Join(
        ", ",
        _network.Faults.Append(KeyValuePair.Create("handler fails", _handlerFailures)).Select(fault => $"{fault.Key}: {fault.Value}"));

    /// <summary>The handler: its database is down at times, and what it has written it has written.</summary>
    private Task HandleAsync(WebhookEvent received, CancellationToken cancellationToken)
    {
        if (Roll(10) == 0)
        {
            Interlocked.Increment(ref _handlerFailures);
            throw new InvalidOperationException("the database is down");
        }

        _handled.GetOrAdd(received.TaskId, _ => []).Add(received.Number!.Value);
        return Task.CompletedTask;
    }

    private async Task<string> SendAsync()
    {
        var request = TestEngine.Request("go", configuration: new()
        {
            ReturnImmediately = true,
            TaskPushNotificationConfig = new TaskPushNotificationConfig { Url = Hook, Token = Secret },
        });
        return (await _engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, CancellationToken.None)).Id;
    }

    /// <summary>Runs the task's agent once: it works for a while, and asks or ends.</summary>
    private async Task ContinueAsync(string taskId)
    {
        var task = await _engine.ReadAsync(taskId);
        if (task.State.IsTerminal())
            return;
        if (task.State == TaskState.InputRequired)
            await _engine.SendAsync("go on", taskId);
        List<AgentUpdate> updates = [.. Enumerable.Range(0, Roll(6)).Select(AgentUpdate (i) => Roll(2) == 0
            ? AgentUpdate.Report($"step {i}")
            : AgentUpdate.Append("answer", $"{i} "))];
        updates.Add(Roll(3) == 0 ? AgentUpdate.Ask("Go on?") : AgentUpdate.Complete("done"));
        await _engine.RunAsync(ScriptedAgent.Saying([.. updates]), taskId);
    }

    /// <summary>Delivers all that is requested, and some of it twice, in any order and at the same time.</summary>
    private async Task DeliverAllAsync()
    {
        var requests = new List<DeliveryRequest>();
        while (_engine.Deliveries.Take() is { } request)
            requests.AddRange(Enumerable.Repeat(request, Roll(3) == 0 ? 2 : 1));
        DeliveryRequest[] shuffled = [.. requests];
        lock (_random)
            _random.Shuffle(shuffled);
        await Parallel.ForEachAsync(
            shuffled, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (request, _) => await DeliverAsync(request));
    }

    private async Task DeliverAsync(DeliveryRequest request)
    {
        using var worker = new CancellationTokenSource();
        var delivery = new WebhookDelivery(
            _engine.WebhookStore, _engine.Store, _engine.Deliveries, new WebhookCaller(_sender, _engine.Secrets, _signer),
            new StillTime(_clock), TestEngine.NewId, Options.Create(_options), () => Roll(1000) / 1000.0,
            _engine.Logs.LoggerFor<WebhookDelivery>());
        _network.Workers[request.TaskId] = worker;
        try
        {
            await delivery.DeliverAsync(request, worker.Token);
        }
        catch (OperationCanceledException)
        {
            await _engine.Deliveries.PublishAsync(request, CancellationToken.None);
        }
    }

    private Task<int> SweepAsync() => new WebhookSweeper(
        _engine.WebhookStore, _engine.Deliveries, _clock, Options.Create(_engine.Settings), _engine.Logs.LoggerFor<WebhookSweeper>())
        .SweepAsync(CancellationToken.None);

    /// <summary>Copies of earlier calls arrive again: they change nothing, and those whose signature has expired are rejected.</summary>
    private async Task ReplayAsync()
    {
        var copies = _network.Copies;
        for (var i = 0; i < 10 && copies.Count > 0; i++)
            await copies[Roll(copies.Count)].SendAsync(_http, Hook);
    }

    private async Task ForgeAsync()
    {
        if (_network.Copies is not { Count: > 0 } copies)
            return;
        var call = copies[Roll(copies.Count)];
        var (hook, body) = (new Uri(Hook), call.Body);
        using var attacker = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        async Task<string?> SignedAsync(IWebhookSigner signer, Uri audience) =>
            await signer.SignAsync(audience, "", call.TaskId, call.Seq, body, CancellationToken.None);
        var otherKey = await SignedAsync(Signer(TestKeys.Jwk(attacker, ("kid", "old"))), hook);
        var unknownKey = await SignedAsync(Signer(TestKeys.Jwk(attacker, ("kid", "attacker"))), hook);
        var elsewhere = await SignedAsync(Signer(OldKey), new Uri("https://other.example.com/hook"));
        var genuine = await SignedAsync(Signer(OldKey), hook);

        Assert.Equal(401, await call.Signed(null).SendAsync(_http, Hook));
        Assert.Equal(401, await call.Signed(otherKey).SendAsync(_http, Hook));
        Assert.Equal(503, await call.Signed(unknownKey).SendAsync(_http, Hook));
        Assert.Equal(401, await call.Signed(elsewhere).SendAsync(_http, Hook));
        Assert.Equal(401, await call.Signed(genuine).Keyed($"{call.TaskId}:{long.MaxValue}").SendAsync(_http, Hook));
        Assert.Equal(401, await call.Signed(genuine).Keyed($"x:{call.Seq}").SendAsync(_http, Hook));
        Assert.Equal(401, await (call.Signed(genuine) with { Body = [.. body, (byte)' '] }).SendAsync(_http, Hook));
    }

    private async Task<bool> AreDoneAsync(List<string> tasks)
    {
        foreach (var task in tasks)
        {
            if (!(await _engine.ReadAsync(task)).State.IsTerminal() ||
                (await NumbersAsync(task)).Count > _handled.GetValueOrDefault(task, []).Count)
                return false;
        }

        return true;
    }

    /// <summary>The numbers of the task's events that clients see.</summary>
    private async Task<List<long>> NumbersAsync(string task) =>
        [.. (await _engine.EventsAsync(task)).Select((each, i) => (Number: i + 1L, Event: each))
            .Where(each => TaskStreams.ToResponse(task, "c", each.Number, default, each.Event) is not null).Select(each => each.Number)];
}
