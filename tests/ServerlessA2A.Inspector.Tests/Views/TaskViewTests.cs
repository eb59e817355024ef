using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

[Collection(WithChromium.Name)]
public sealed class TaskViewTests(Chromium chromium)
{
    [SkippableFact]
    public async Task AThousandTasksAreListedPageByPageAndFiltered()
    {
        await using var page = await chromium.OpenAsync("tasks");
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
        var webhook = $"http://127.0.0.1:{ClosedPort()}/hook";
        var task = await SendAsync($"count 4 {gate}", webhook: webhook);
        await using var page = await chromium.OpenAsync($"tasks/{task}");

        await page.Page.Locator(".log td", new() { HasTextString = "checkpoint" }).WaitForAsync();
        Assert.Contains("until", await Fact(page, "Lease"), StringComparison.Ordinal);
        Assert.Equal("1 B", await Fact(page, "Checkpoint"));
        Assert.Equal("1", await Fact(page, "Attempts"));
        await page.Text(webhook).WaitForAsync();
        await page.Page.Locator("td", new() { HasTextRegex = new("[1-9] failed since") }).WaitForAsync();
        chromium.Site.Agent.Open(gate);
        await page.Page.Locator(".facts .badge.completed").WaitForAsync();

        var numbers = await page.Page.Locator(".log td.number").AllInnerTextsAsync();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => $"{number}"), numbers);
        Assert.Equal("none", await Fact(page, "Lease"));
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

    private static async Task<string> Fact(InspectorPage page, string name) =>
        await page.Page.Locator($"dt:text-is('{name}') + dd").InnerTextAsync();

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string> SendAsync(string text, string? tenant = null, string? webhook = null)
    {
        using var client = new HttpClient { BaseAddress = chromium.Site.Address, DefaultRequestHeaders = { { "A2A-Version", "1.0" } } };
        var configuration = new JsonObject { ["returnImmediately"] = tenant is not null || webhook is not null };
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
