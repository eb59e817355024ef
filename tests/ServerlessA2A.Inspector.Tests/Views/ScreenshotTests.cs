using Microsoft.Playwright;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

/// <summary>
/// Pictures of each view, to look at: <c>artifacts/inspector</c>. What can be checked without eyes is checked: no view is wider than the
/// window.
/// </summary>
[Collection(WithChromium.Name)]
public sealed class ScreenshotTests(Chromium chromium)
{
    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "inspector")).FullName;

    [SkippableTheory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1600, ColorScheme.Light)]
    [InlineData(1600, ColorScheme.Dark)]
    public async Task EachViewFitsIntoTheWindow(int width, ColorScheme scheme)
    {
        var gate = $"{nameof(EachViewFitsIntoTheWindow)}{width}{scheme}";
        await using var page = await chromium.OpenAsync("card", width: width, scheme: scheme);
        await page.SeesAsync("Valid for 0.3");
        await ShootAsync("card");

        await page.GoToAsync("chat");
        await page.SayAsync("ask");
        await page.WaitForStateAsync("input-required");
        await page.SayAsync("the blue one");
        await page.WaitForStateAsync("completed");
        await page.SayAsync($"count 6 {gate}");
        await page.SeesAsync("1 2 3");
        await ShootAsync("chat");

        await page.Page.Locator(".turn footer a").Last.ClickAsync();
        await page.Page.Locator(".log td", new() { HasTextString = "checkpoint" }).WaitForAsync();
        await ShootAsync("task");
        chromium.Site.Agent.Open(gate);
        await page.Page.Locator(".facts .badge.completed").WaitForAsync();

        var answers = new Queue<int>([200, 503]);
        await using var receiver = await ForeignServer.StartAsync(context =>
        {
            context.Response.StatusCode = answers.TryDequeue(out var status) ? status : 200;
            return Task.CompletedTask;
        });
        var notified = await TaskViewTests.SendAsync(chromium.Site, "hello", webhook: $"{receiver.Address}hook");
        await page.GoToAsync($"tasks/{notified}");
        await page.Page.Locator(".attempts tbody tr").Nth(4).WaitForAsync();
        await ShootAsync("webhooks");

        await page.GoToAsync("tasks");
        await page.Page.Locator("tbody tr").First.WaitForAsync();
        await ShootAsync("tasks");

        await page.GoToAsync("console");
        await page.Page.Locator("form.console select").First.SelectOptionAsync("stream");
        await page.Button("Send").ClickAsync();
        await page.Page.Locator(".answer .event", new() { HasTextString = "TASK_STATE_COMPLETED" }).WaitForAsync();
        await ShootAsync("console");

        async Task ShootAsync(string view)
        {
            var excess = await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            await page.Page.ScreenshotAsync(new()
            {
                FullPage = view == "webhooks",
                Path = Path.Combine(Folder, $"{view}-{width}-{scheme.ToString().ToLowerInvariant()}.png"),
            });
            Assert.True(excess <= 0, $"The view {view} is {excess} pixels wider than the window of {width}.");
        }
    }
}
