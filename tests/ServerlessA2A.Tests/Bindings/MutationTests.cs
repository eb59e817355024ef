using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.InMemory;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tests.Bindings;

/// <summary>Damaged requests to every operation of both bindings and versions: no fault of the server's, no hang, and no task that was not answered with.</summary>
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
    public async Task Damaged_requests_are_refused_or_answered_and_leave_nothing_behind()
    {
        var random = new Random(Seed);
        var samples = Samples();
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var answeredIds = new ConcurrentDictionary<string, bool>();
        var damaged = Enumerable.Range(0, Requests).Select(i => Damage(samples[i % samples.Count], random)).ToList();

        await Parallel.ForEachAsync(damaged, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (sample, cancellationToken) =>
        {
            var (response, body) = await SendAsync(sample).WaitAsync(Patience, cancellationToken);
            statuses.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            Assert.True((int)response.StatusCode < 500 && !body.Contains("INTERNAL", StringComparison.Ordinal), $"{sample}\n{body}");
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

    private async Task<(HttpResponseMessage Response, string Body)> SendAsync(Sample sample)
    {
        using var request = new HttpRequestMessage(new HttpMethod(sample.Method), new Uri("http://localhost" + sample.Path));
        if (sample.Body is not null)
        {
            request.Content = new ByteArrayContent(sample.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", sample.ContentType);
        }

        foreach (var (name, value) in sample.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _host.Client.ExchangeAsync(request);
    }

    /// <summary>One good request for each operation of each wire.</summary>
    private List<Sample> Samples()
    {
        Wire[] wires = [new JsonRpcWire(_host.Client), new HttpJsonWire(_host.Client), new JsonRpcV03Wire(_host.Client), new HttpJsonV03Wire(_host.Client)];
        var options = new SendOptions { ContextId = "c", HistoryLength = 3, Webhook = "https://example.com/hook" };
        List<HttpRequestMessage> requests = [];
        foreach (var wire in wires)
        {
            requests.AddRange(
            [
                wire.SendRequest("echo:x", options), wire.SendRequest("echo:x", options with { TaskId = _taskId, ContextId = null }),
                wire.StreamRequest("echo:x", options), wire.GetRequest(_taskId, "1"), wire.CancelRequest("unknown"), wire.SubscribeRequest("unknown"),
                wire.CreateConfigRequest(_taskId, "https://example.com/hook", "h"), wire.GetConfigRequest(_taskId, "h"), wire.ListConfigsRequest(_taskId),
                wire.DeleteConfigRequest(_taskId, "h"), wire.ExtendedCardRequest(),
            ]);
            if (wire.CanList)
                requests.Add(wire.ListRequest(("contextId", "\"c\""), ("pageSize", "10"), ("pageToken", "\"t\""), ("includeArtifacts", "true")));
        }

        return requests.ConvertAll(request => new Sample(
            request.Method.Method,
            request.RequestUri!.OriginalString,
            request.Content?.ReadAsByteArrayAsync().GetAwaiter().GetResult(),
            request.Content?.Headers.ContentType?.ToString() ?? "application/json",
            []));
    }

    private static Sample Damage(Sample sample, Random random)
    {
        // Mostly the body, where most can be wrong.
        if (sample.Body is not null && random.Next(4) > 0)
            return sample with { Body = DamageBody(sample.Body, random) };
        return random.Next(5) switch
        {
            0 => sample with { Path = DamagePath(sample.Path, random) },
            1 => sample with { Method = Pick(random, "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH") },
            2 => sample with { ContentType = Pick(random, "text/plain", "application/json; charset=x", "application/", "", "a b", "application/a2a+json") },
            3 => sample with { Headers = [(Pick(random, "A2A-Version", "Last-Event-ID", "A2A-Extensions"), Pick(random, "", "1.0", "9.9", "-1", "é", "1,2", new string('9', 300)))] },
            _ => sample with { Path = sample.Path + Pick(random, "?", "?tenant=x", "?pageSize=-1", "?A2A-Version=7", "?%", "?historyLength=1&historyLength=x", "?status=1") },
        };
    }

    private static byte[] DamageBody(byte[] body, Random random)
    {
        var damaged = body.ToList();
        for (var rounds = random.Next(1, 4); rounds > 0 && damaged.Count > 0; rounds--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(8))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.RemoveRange(at, random.Next(damaged.Count - at));
                    break;
                case 3:
                    damaged.InsertRange(at, Encoding.UTF8.GetBytes(Pick(random, "null", "[]", "{}", "\"", ",", "-1", "1e999", "\\ud800", "\\u0000", "\u0001", "true", "{\"a\":", new string('[', 80))));
                    break;
                case 4:
                    Replace(damaged, random, [":\"", ":{", ":[", ":1", ":true"], [":null", ":7", ":[]", ":{}", ":\"\\ud800\"", ":\"\"", ":false", ":1e400", ":-1"]);
                    break;
                case 5:
                    Replace(damaged, random, ["message", "parts", "params", "method", "id", "text", "role", "url"], ["x", "", "kind", "message_id", "data", "raw", "metadata", "\\u0000"]);
                    break;
                case 6:
                    damaged.InsertRange(at, damaged.GetRange(random.Next(at + 1), random.Next(damaged.Count - at)));
                    break;
                default:
                    (damaged[at], damaged[^1]) = (damaged[^1], damaged[at]);
                    break;
            }
        }

        return [.. damaged];
    }

    private static void Replace(List<byte> body, Random random, string[] targets, string[] replacements)
    {
        var text = Encoding.Latin1.GetString([.. body]);
        var target = Pick(random, targets);
        var at = text.IndexOf(target, random.Next(text.Length), StringComparison.Ordinal);
        if (at < 0)
            return;
        body.RemoveRange(at, target.Length);
        body.InsertRange(at, Encoding.Latin1.GetBytes(Pick(random, replacements)));
    }

    private static string DamagePath(string path, Random random)
    {
        var at = random.Next(1, path.Length + 1);
        // The in-process server itself throws at a null character; Kestrel answers it with 400.
        return path.Insert(at, Pick(random, "/", "%2F", "%", ":", "v1/", "%3A", "..", " ", "é", "?", "#")).Replace("%00", "%20", StringComparison.Ordinal);
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    private sealed record Sample(string Method, string Path, byte[]? Body, string ContentType, (string Name, string Value)[] Headers)
    {
        public override string ToString() =>
            $"{Method} {Path} {ContentType} {string.Join(';', Headers)} {(Body is null ? "" : Encoding.UTF8.GetString(Body))}";
    }
}
