using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Security.Authentication;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>
/// Damaged headers and tokens on good and damaged requests to every operation, where all kinds of credentials are taken: no fault of the
/// server's, and nothing of its inside is told.
/// </summary>
/// <remarks>
/// With the 20,000 of <see cref="MutationTests"/> these are 30,000; DAMAGED_REQUESTS=50000 makes that many here, which takes half a minute
/// of both cores.
/// </remarks>
public sealed class CredentialMutationTests : IDisposable
{
    private const int Seed = 20261126;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly OidcSetup _oidc = new();

    public void Dispose() => _oidc.Dispose();

    /// <summary>Without a connection they are many; Kestrel, which looks at headers first, gets fewer.</summary>
    [Theory]
    [InlineData(true, 9_000)]
    [InlineData(false, 1_000)]
    public async Task DamagedHeadersAndTokensAreRefusedOrOverlookedAndNothingIsTold(bool inProcess, int count)
    {
        if (inProcess && Environment.GetEnvironmentVariable("DAMAGED_REQUESTS") is { Length: > 0 } number)
            count = int.Parse(number, CultureInfo.InvariantCulture);
        await using var host = await StartAsync(inProcess);
        using var client = inProcess ? host.ClientOf("alice") : Utf8Client(host.Address!);
        client.DefaultRequestHeaders.Clear();
        using var alice = host.ClientOf("alice");
        var (random, samples, statuses) = (
            new Random(Seed), Sample.All(client, await new JsonRpcWire(alice).SendAsync("ask")),
            new ConcurrentDictionary<HttpStatusCode, int>());
        var tokens = new DamagedTokens(random);
        // Made as they are sent: all at once would be much memory, and each depends on those before.
        var damaged = Enumerable.Range(0, count).Select(i => Damaged(samples[i % samples.Count], random, tokens));

        await Parallel.ForEachAsync(damaged, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (sample, cancellationToken) =>
        {
            var (response, body) = await sample.SendAsync(client).WaitAsync(Patience, cancellationToken);
            statuses.AddOrUpdate(response.StatusCode, 1, (_, times) => times + 1);
            Internals.AssertNone(response, body, sample);
            // Kestrel itself refuses with an empty body what is not HTTP.
            Assert.True(response.StatusCode != HttpStatusCode.Unauthorized || response.Headers.WwwAuthenticate.Count > 0, $"{sample}");
        });

        var all = string.Join(", ", statuses);
        Assert.True(statuses[HttpStatusCode.Unauthorized] > count / 10, all);
        Assert.True(statuses[HttpStatusCode.OK] > count / 10, all);
        Assert.True(statuses[HttpStatusCode.BadRequest] > count / 50, all);
        Assert.All(new[] { 4000, 4001 }, id => Assert.Contains(host.Log.SecurityEvents, logged => logged.Id.Id == id));
        var good = $"{DamagedTokens.Good}".Split('.');
        Assert.All(host.Log.SecurityEvents, logged =>
            Assert.DoesNotContain(KnownCallers.KeyOf("alice"), logged.Text, StringComparison.Ordinal));
        Assert.All(host.Log.SecurityEvents, logged => Assert.DoesNotContain(good[1], logged.Text, StringComparison.Ordinal));
    }

    private Task<AgentHost> StartAsync(bool inProcess) => AgentHost.StartAsync(
        services => services.AddSingleton(_oidc.Provider.Client(TimeProvider.System)),
        cardOnly: false,
        inProcess,
        [.. KnownCallers.Settings, .. KnownCallers.OidcSettings, ("Security:Identity:2", "iam"), ("Limits:RequestsPerSecond", "0"),
        ("Limits:RefusalsPerSecond", "0"), ("Http:RequestTimeLimit", "00:00:02")]);

    private static HttpClient Utf8Client(Uri address) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) =>
            Encoding.UTF8
        })
        { BaseAddress = address };

    private static Sample Damaged(Sample sample, Random random, DamagedTokens tokens)
    {
        if (random.Next(8) == 0)
            sample = Damage.To(sample, random);
        if (random.Next(16) == 0)
            sample = sample with
            {
                Method = "GET",
                Path = random.Pick("/.well-known/agent-card.json", "/", "/.well-known/jwks.json", "/extendedAgentCard", "/v1/card"),
                Body = null
            };
        for (var headers = random.Next(3); headers > 0; headers--)
            sample = DamagedHeader(sample, random);
        return WithCredential(sample, random, tokens);
    }

    /// <summary>A third are good ones, so that what else is wrong is looked at too.</summary>
    private static Sample WithCredential(Sample sample, Random random, DamagedTokens tokens) => random.Next(12) switch
    {
        0 or 1 or 2 => sample.With("X-API-Key", KnownCallers.KeyOf("alice")),
        3 => sample.With("Authorization", $"Bearer {DamagedTokens.Good}"),
        4 => sample.With("X-API-Key",
        random.Pick("", " ", "é", "a,b", new string('k', 5000), KnownCallers.KeyOf("alice") + "x", KnownCallers.KeyOf("alice")[1..])),
        5 => sample.With("X-API-Key", KnownCallers.KeyOf("alice")).With("X-API-Key", KnownCallers.KeyOf("bob")),
        6 => sample.With("X-Serverless-Authorization", random.Pick("Bearer ", "bearer ", "Basic ", "") + tokens.Next()),
        7 => sample.With("Authorization", $"Bearer {tokens.Next()}").With("X-Serverless-Authorization", $"Bearer {tokens.Next()}"),
        8 => sample.With("Authorization",
        random.Pick("", "Bearer", "Bearer  ", "Basic YTpi", "Digest x", "Bearer é", "Bearer a b", "Negotiate", ",", "=")),
        9 => sample,
        _ => sample.With("Authorization", random.Pick("Bearer ", "BEARER ", "Bearer\t", "Bearer  ") + tokens.Next()),
    };

    private static Sample DamagedHeader(Sample sample, Random random) => random.Next(9) switch
    {
        0 => sample.With("A2A-Version", random.Pick("", "1.0", "0.3", "9.9", "-1", "1.0, 0.3", "é", "1.0.0", new string('1', 3000), "١.٠")),
        1 => sample.With("A2A-Extensions",
        random.Pick("", ",", ",,,", "https://example.com/e", "é", "\"", new string(',', 3000), "a b;c=d")),
        2 => sample.With("Last-Event-ID",
        random.Pick("", "-1", "0", "1", "9223372036854775808", "1e3", "é", "0x1", " 1", new string('9', 3000))),
        3 => sample with
        {
            ContentType = random.Pick("", ";", "application/json;", "application/json; charset=utf-16", "a/b/c", "é/é",
        "application/json, text/plain", "multipart/form-data", new string('x', 3000))
        },
        4 => sample.With("If-None-Match", random.Pick("*", "", "\"", "W/", "W/\"x\"", "\"x\", \"y\"", "é", "W/\"x", new string('"', 3000))),
        5 => sample.With("X-Forwarded-Proto",
        random.Pick("https", "http", "", ",", "javascript", "é", "https,https", new string('h', 3000))),
        6 => sample.With("Host",
        random.Pick("example.com", "example.com:99999", "[::1]", "[", "a b", "é.example", "x:y:z", "..", new string('h', 300))),
        7 => sample.With("If-Modified-Since", random.Pick("", "yesterday", "Sat, 31 Jan 2026 12:00:00 GMT", "99999999999", "é")),
        _ => sample.With(
        random.Pick("X-A2A-Extensions", "Accept", "Traceparent", "Cookie", "X-Forwarded-Host", "X-Forwarded-For", "Expect"),
        random.Pick("", "é", "*/*", "00-0-0-0", "a=b; c", "100")),
    };
}
