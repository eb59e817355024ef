using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>
/// Damaged requests to every operation of both bindings and versions: no fault of the server's, no hang, and no task that was not answered
/// with.
/// </summary>
/// <remarks>Headers and tokens are damaged in <see cref="CredentialMutationTests"/>.</remarks>
public sealed class MutationTests : IAsyncLifetime
{
    private const int Requests = 20_000;
    private const int Seed = 20260131;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private AgentHost _host = null!;
    private string _taskId = null!;
    private int _lastId = 0x7a111111;

    public async Task InitializeAsync()
    {
        _host = await AgentHost.StartAsync(
            services => services
                .AddSingleton<IdSource>(() => new Guid(Interlocked.Increment(ref _lastId), 7, 7, 7, 7, 7, 7, 7, 7, 7, 7).ToString())
                .AddSingleton<ITaskStore>(provider => new CountingStore(provider.GetRequiredService<InMemoryTaskStore>())),
            cardOnly: false,
            inProcess: true,
            ("Http:RequestTimeLimit", "00:00:02"));
        _taskId = await new JsonRpcWire(_host.Client).SendAsync("ask");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task DamagedRequestsAreRefusedOrAnsweredAndLeaveNothingBehind()
    {
        var random = new Random(Seed);
        var samples = Sample.All(_host.Client, _taskId);
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var answeredIds = new ConcurrentDictionary<string, bool>();
        var damaged = Enumerable.Range(0, Requests).Select(i => Damage.To(samples[i % samples.Count], random)).ToList();

        await Parallel.ForEachAsync(damaged, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (sample, cancellationToken) =>
        {
            var (response, body) = await sample.SendAsync(_host.Client).WaitAsync(Patience, cancellationToken);
            statuses.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            Internals.AssertNone(response, body, sample);
            foreach (var id in IdsIn(body))
                answeredIds.TryAdd(id, true);
        });

        // A refused message leaves no task: each one that is there was some request's answer.
        var made = ((CountingStore)_host.Store).Made;
        Assert.All(made, taskId => Assert.True(taskId == _taskId || answeredIds.ContainsKey(taskId), taskId));
        Assert.InRange(made.Count, 2, Requests / 4);
        Assert.True(statuses[HttpStatusCode.BadRequest] > Requests / 10, string.Join(", ", statuses));
        Assert.True(statuses[HttpStatusCode.OK] > Requests / 10, string.Join(", ", statuses));
    }

    private static IEnumerable<string> IdsIn(string body)
    {
        const string Member = "\"id\":\"";
        const int Length = 36;
        for (var at = body.IndexOf(Member, StringComparison.Ordinal); at >= 0; at = body.IndexOf(Member, at + 1, StringComparison.Ordinal))
        {
            if (at + Member.Length + Length <= body.Length)
                yield return body.Substring(at + Member.Length, Length);
        }
    }
}
