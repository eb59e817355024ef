using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Cards;

namespace ServerlessA2A.Benchmarks.Calls;

/// <summary>
/// What the client costs: its calls beside those of a bare HttpClient that sends prepared bytes and parses the answers as JSON. The server
/// is in this process and answers both with the same bytes.
/// </summary>
internal static class ClientMeasure
{
    private const int Callers = 16;
    private const int Events = 100;

    private static readonly byte[] Send =
        """
        {"jsonrpc":"2.0","id":"1","method":"SendStreamingMessage","params":{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"hello"}]}}}
        """u8
            .ToArray();

    private static readonly byte[] Get = """{"jsonrpc":"2.0","id":"1","method":"GetTask","params":{"id":"t"}}"""u8.ToArray();

    private static readonly byte[] Found =
        """
        {"jsonrpc":"2.0","id":"1","result":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED","timestamp":"2026-11-30T10:00:00.000Z"},"artifacts":[{"artifactId":"a","parts":[{"text":"An answer of one sentence."}]}]}}
        """u8
            .ToArray();

    private static readonly byte[] Streamed = StreamOf();

    public static async Task RunAsync(Options options, Report report)
    {
        await using var server = await StartAsync();
        var address = new Uri(server.Urls.Single());
        using var http = new HttpClient();
        using var client = new A2AClient(CardOf(address));
        await CompareAsync("calls/s: GetTask", () => GetBareAsync(http, address), () => client.GetTaskAsync("t"), Target.AtLeast(0.6));
        await CompareAsync(
            $"streams/s of {Events} events", () => StreamBareAsync(http, address), () => StreamAsync(client), Target.AtLeast(0.3));

        async Task CompareAsync(
            string question, Func<Task> bare, Func<Task> ours, Target target)
        {
            var duration = TimeSpan.FromSeconds(options.Seconds);
            var (reference, mine) = (new List<double>(), new List<double>());
            // The first pair is for the compilers.
            for (var round = -1; round < options.Rounds; round++)
            {
                var (first, second) = (await LoadAsync(bare, duration), await LoadAsync(ours, duration));
                if (round < 0)
                    continue;
                reference.Add(first);
                mine.Add(second);
            }

            report.Add(question, reference, mine, "", target);
        }
    }

    /// <summary>Calls a second.</summary>
    private static async Task<double> LoadAsync(Func<Task> call, TimeSpan duration)
    {
        var (began, calls) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                await call();
                Interlocked.Increment(ref calls);
            }
        }));
        return calls / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task GetBareAsync(HttpClient http, Uri address)
    {
        using var response = await PostAsync(http, address, Get);
        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        if (json.RootElement.GetProperty("result").GetProperty("id").GetString() != "t")
            throw new InvalidOperationException("The answer has another task.");
    }

    private static async Task StreamBareAsync(HttpClient http, Uri address)
    {
        using var response = await PostAsync(http, address, Send);
        var events = 0;
        var body = await response.Content.ReadAsStreamAsync();
        await foreach (var item in SseParser.Create(body, (_, data) => JsonElement.Parse(data)).EnumerateAsync())
            events += item.Data.TryGetProperty("result", out _) ? 1 : 0;
        Check(events);
    }

    private static async Task StreamAsync(A2AClient client)
    {
        var events = 0;
        await foreach (var _ in client.StreamAsync("hello"))
            events++;
        Check(events);
    }

    private static void Check(int events)
    {
        if (events != Events)
            throw new InvalidOperationException($"{events} events came, not {Events}.");
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, Uri address, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        return (await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).EnsureSuccessStatusCode();
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var isStream = body.GetBuffer().AsSpan(0, (int)body.Length).IndexOf("SendStreamingMessage"u8) >= 0;
            context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            await context.Response.Body.WriteAsync(isStream ? Streamed : Found);
        });
        await app.StartAsync();
        return app;
    }

    private static byte[] StreamOf()
    {
        using var stream = new MemoryStream();
        Add("""{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING"}}}""");
        for (var i = 2; i < Events; i++)
        {
            Add("""
                {"artifactUpdate":{"taskId":"t","contextId":"c","artifact":{"artifactId":"a","parts":[{"text":"word "}]},"append":true}}
                """);
        }

        Add("""{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}}""");
        return stream.ToArray();

        void Add(string result) =>
            stream.Write(System.Text.Encoding.UTF8.GetBytes($$"""data: {"jsonrpc":"2.0","id":"1","result":{{result}}}""" + "\n\n"));
    }

    private static AgentCard CardOf(Uri address) => new()
    {
        Name = "a",
        Description = "",
        Version = "1",
        SupportedInterfaces = [new() { Url = address.AbsoluteUri, ProtocolBinding = "JSONRPC", ProtocolVersion = "1.0" }],
        Capabilities = new() { Streaming = true },
        DefaultInputModes = [],
        DefaultOutputModes = [],
        Skills = [],
    };
}
