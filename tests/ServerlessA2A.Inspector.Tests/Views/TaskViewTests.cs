using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ServerlessA2A.Inspector.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

[Collection(WithChromium.Name)]
public sealed class TaskViewTests(Chromium chromium)
{
    [SkippableFact]
    public async Task AThousandTasksAreListedPageByPageAndFiltered()
    {
        await using var page = await chromium.OpenAsync("tasks");
        // Each send waits for its task: one that still ran would change its place among the pages.
        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await SendAsync(i == 500 ? "fail in the middle" : $"number {i}", tenant: "thousand"));
        await page.Page.Locator("#connection > summary").ClickAsync();
        await page.Label("Tenant").FillAsync("thousand");
        await page.Label("Tenant").PressAsync("Tab");

        await page.SeesAsync("100 of 1000 tasks, newest status first");
        for (var shown = 200; shown <= 1000; shown += 100)
        {
            await page.Button("Load more").ClickAsync();
            await page.SeesAsync($"{shown} of 1000 tasks, newest status first");
        }

        Assert.Equal(1000, await page.Page.Locator("tbody tr").CountAsync());
        Assert.False(await page.Button("Load more").IsVisibleAsync());
        await page.Label("State").SelectOptionAsync("failed");
        await page.SeesAsync("1 of 1 tasks, newest status first");
        await page.SeesAsync("in the middle");
        await page.Page.Locator("tbody a").ClickAsync();
        await page.Page.Locator(".facts .badge.failed").WaitForAsync();
    }

    [SkippableFact]
    public async Task TheLogOfATaskIsShownAsItGrows()
    {
        var gate = nameof(TheLogOfATaskIsShownAsItGrows);
        var webhook = $"http://127.0.0.1:{FreePort.Find()}/hook";
        var task = await SendAsync($"count 4 {gate}", webhook: webhook);
        await using var page = await chromium.OpenAsync($"tasks/{task}");

        await page.Page.Locator(".log td", new() { HasTextString = "checkpoint" }).WaitForAsync();
        await SeesFactAsync(page, "Lease", "until");
        await SeesFactAsync(page, "Checkpoint", "^1 B$");
        await SeesFactAsync(page, "Attempts", "^1$");
        await page.Text(webhook).WaitForAsync();
        await page.Page.Locator(".webhooks p", new() { HasTextRegex = new("[1-9] failed since") }).WaitForAsync();
        await page.Page.Locator(".attempts td.bad", new() { HasTextString = "refused" }).First.WaitForAsync();
        chromium.Site.Agent.Open(gate);
        await page.Page.Locator(".facts .badge.completed").WaitForAsync();

        var numbers = await page.Page.Locator(".log td.number").AllInnerTextsAsync();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number}"), numbers);
        await SeesFactAsync(page, "Lease", "^none$");
    }

    [SkippableFact]
    public async Task EachDeliveryAttemptIsALine()
    {
        var answers = new Queue<int>([200, 503, 200, 200, 200]);
        await using var receiver = await ForeignServer.StartAsync(context =>
        {
            context.Response.StatusCode = answers.Count > 0 ? answers.Dequeue() : 200;
            return Task.CompletedTask;
        });
        var task = await SendAsync("hello", webhook: $"{receiver.Address}hook");
        await using var page = await chromium.OpenAsync($"tasks/{task}");

        await page.Page.Locator(".attempts tbody tr").Nth(4).WaitForAsync();

        var cells = (await page.Page.Locator(".attempts tbody tr").AllInnerTextsAsync()).Select(row => row.Split('\t')).ToList();
        // Newest first.
        Assert.Equal(
            [("4", "200"), ("3", "200"), ("2", "200"), ("2", "503"), ("1", "200")], cells.Select(cell => (cell[1], cell[2])));
        Assert.All(cells, cell =>
        {
            Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3}$", cell[0]);
            Assert.Matches(@"^\d+ ms$", cell[3]);
        });
        Assert.Equal(1, await page.Page.Locator(".attempts td.bad").CountAsync());
        Assert.True(await page.Text("4 of 4 events delivered, next with the next event").IsVisibleAsync());
    }

    [SkippableFact]
    public async Task ATaskIsShownInBothVersionsAndReplayedFromAnyEvent()
    {
        var task = await SendAsync("hello");
        await using var page = await chromium.OpenAsync($"tasks/{task}");

        await page.Tab("1.0").ClickAsync();
        await page.Page.Locator(".json", new() { HasTextString = "TASK_STATE_COMPLETED" }).WaitForAsync();
        await page.Tab("0.3").ClickAsync();
        await page.Page.Locator(".json", new() { HasTextString = "\"kind\": \"task\"" }).WaitForAsync();
        await page.Tab("Replay").ClickAsync();
        await page.Label("Event number").FillAsync("3");
        await page.Button("Replay").ClickAsync();
        await page.Page.Locator(".events .number").Nth(1).WaitForAsync();

        Assert.Equal(["3", "4"], await page.Page.Locator(".events .number").AllInnerTextsAsync());
    }

    [SkippableFact]
    public async Task ATaskThatIsNotThereIsToldOnce()
    {
        await using var page = await chromium.OpenAsync("tasks/nothing");

        await page.SeesAsync("Not live: 404 The task was not found.");
    }

    [SkippableFact]
    public async Task ATabThatIsLeftEndsItsStream()
    {
        var task = await SendAsync("hello");
        await using var page = await chromium.OpenAsync($"tasks/{task}");
        await page.SeesAsync("Live.");
        var ended = new TaskCompletionSource();
        page.Page.RequestFailed += (_, request) =>
        {
            if (request.Url.Contains($"/api/tasks/{task}", StringComparison.Ordinal))
                ended.TrySetResult();
        };

        await page.Tab("1.0").ClickAsync();

        await ended.Task.WithinLimit("the stream ends");
    }

    /// <summary>Waits for a fact of the task: each comes to the page in its own time.</summary>
    private static Task SeesFactAsync(InspectorPage page, string name, string pattern) =>
        page.Page.Locator($"dt:text-is('{name}') + dd", new() { HasTextRegex = new(pattern) }).WaitForAsync();

    private Task<string> SendAsync(string text, string? tenant = null, string? webhook = null) =>
        SendAsync(chromium.Site, text, tenant, webhook);

    /// <summary>Sends a message; waits for the task where it has no webhook.</summary>
    internal static async Task<string> SendAsync(Site site, string text, string? tenant = null, string? webhook = null)
    {
        using var client = new HttpClient { BaseAddress = site.Address, DefaultRequestHeaders = { { "A2A-Version", "1.0" } } };
        var configuration = new JsonObject { ["returnImmediately"] = webhook is not null };
        if (webhook is not null)
            configuration["taskPushNotificationConfig"] = new JsonObject { ["id"] = "hook", ["url"] = webhook };
        using var response = await client.PostAsJsonAsync(tenant is null ? "/message:send" : $"/{tenant}/message:send", new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["messageId"] = $"{Guid.NewGuid()}",
                ["role"] = "ROLE_USER",
                ["parts"] = new JsonArray(new JsonObject { ["text"] = text }),
            },
            ["configuration"] = configuration,
        });
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>();
        return (string)answer!["task"]!["id"]!;
    }
}
