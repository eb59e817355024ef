using Microsoft.Playwright;
using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

[Collection(WithChromium.Name)]
public sealed class ChatViewTests(Chromium chromium)
{
    [SkippableTheory]
    [InlineData("1.0", "JSONRPC")]
    [InlineData("1.0", "HTTP+JSON")]
    [InlineData("0.3", "JSONRPC")]
    [InlineData("0.3", "HTTP+JSON")]
    public async Task AQuestionIsAnsweredInEveryVersionAndBinding(string version, string binding)
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.ConnectAsync(version, binding);

        await page.SayAsync("ask");
        await page.WaitForStateAsync("input-required");
        await page.SeesAsync("Which one?");
        await page.SeesAsync("The message answers the question of the task.");
        await page.SayAsync("the blue one");
        await page.WaitForStateAsync("completed");

        await page.SeesAsync("You want the blue one.");
        Assert.Equal(1, await page.Page.Locator(".turn").CountAsync());
        Assert.Equal(["ask", "Which one?", "the blue one"], await page.Page.Locator(".bubble").AllInnerTextsAsync());
    }

    [SkippableFact]
    public async Task AStreamIsShownAsItComesAndGoesOnAfterAReload()
    {
        var gate = nameof(AStreamIsShownAsItComesAndGoesOnAfterAReload);
        await using var page = await chromium.OpenAsync("chat");

        await page.SayAsync($"count 6 {gate}");
        await page.SeesAsync("1 2 3");
        await page.Page.ReloadAsync();
        await page.SeesAsync("1 2 3");
        chromium.Site.Agent.Open(gate);
        await page.WaitForStateAsync("completed");

        await page.SeesAsync("1 2 3 4 5 6");
        Assert.Equal(1, await page.Page.Locator(".turn").CountAsync());
    }

    [SkippableFact]
    public async Task AStreamIsResumedFromAnyEvent()
    {
        var gate = nameof(AStreamIsResumedFromAnyEvent);
        chromium.Site.Agent.Open(gate);
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync($"count 4 {gate}");
        await page.WaitForStateAsync("completed");
        await page.Page.Locator(".turn summary", new() { HasTextString = "Events" }).ClickAsync();
        var numbers = await page.Page.Locator(".events .number").AllInnerTextsAsync();

        await page.Label("Event number").FillAsync(numbers[1]);
        await page.Button("Resume").ClickAsync();

        await page.SeesAsync($"Resumed with Last-Event-ID: {numbers[1]}");
        await page.Page.Locator(".events .number").Nth(numbers.Count + numbers.Count - 3).WaitForAsync();
        Assert.Equal([.. numbers, .. numbers.Skip(2)], await page.Page.Locator(".events .number").AllInnerTextsAsync());
        // What is replayed is there already.
        await page.SeesAsync("1 2 3 4");
    }

    [SkippableFact]
    public async Task ARunningTaskIsSteered()
    {
        await using var page = await chromium.OpenAsync("chat");

        await page.SayAsync("steer");
        await page.SeesAsync("Which way?");
        await page.SeesAsync("The message steers the running task.");
        await page.SayAsync("left");
        await page.WaitForStateAsync("completed");

        await page.SeesAsync("Going left.");
        Assert.Equal(1, await page.Page.Locator(".turn").CountAsync());
        Assert.Contains("left", await page.Page.Locator(".bubble.user").AllInnerTextsAsync());
    }

    [SkippableFact]
    public async Task AnAnswerThatTheStreamHasOvertakenChangesNothing()
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync("steer");
        await page.SeesAsync("Which way?");
        await page.InterceptAsync("SendMessage", async route =>
        {
            var answer = await route.FetchAsync();
            await page.WaitForStateAsync("completed");
            await route.FulfillAsync(new() { Response = answer });
        });

        await page.SayAsync("left");
        await page.SeesAsync("Going left.");
        await page.Page.Locator(".bubble.user", new() { HasTextString = "left" }).WaitForAsync();

        await page.WaitForStateAsync("completed");
        Assert.Equal(0, await page.Page.Locator(".failure").CountAsync());
    }

    [SkippableFact]
    public async Task ATaskThatEndsBetweenTwoRequestsIsShownToItsEnd()
    {
        var gate = nameof(ATaskThatEndsBetweenTwoRequestsIsShownToItsEnd);
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync($"count 4 {gate}");
        await page.SeesAsync("1 2");
        var task = await page.Page.Locator(".turn footer a").InnerTextAsync();
        await page.InterceptAsync("SubscribeToTask", async route =>
        {
            chromium.Site.Agent.Open(gate);
            await chromium.Site.WaitForCompletionAsync(task);
            await route.ContinueAsync();
        });

        await page.Page.ReloadAsync();

        await page.WaitForStateAsync("completed");
        await page.SeesAsync("1 2 3 4");
        Assert.Equal(0, await page.Page.Locator(".failure").CountAsync());
    }

    [SkippableFact]
    public async Task AQuietTaskIsFollowedForAsLongAsItTakes()
    {
        var gate = nameof(AQuietTaskIsFollowedForAsLongAsItTakes);
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync($"count 4 {gate}");
        await page.SeesAsync("1 2");
        await page.Page.Clock.InstallAsync();
        var streams = 0;
        await page.InterceptAsync("SubscribeToTask", async route =>
        {
            if (++streams > 6)
            {
                chromium.Site.Agent.Open(gate);
                await route.ContinueAsync();
                return;
            }

            await page.Page.Clock.FastForwardAsync(55_000);
            await route.FulfillAsync(new() { ContentType = "text/event-stream", Body = ": keep-alive\n\n" });
        });

        await page.Page.ReloadAsync();

        await page.WaitForStateAsync("completed");
        await page.SeesAsync("1 2 3 4");
    }

    [SkippableFact]
    public async Task AHostThatIsGoneIsReported()
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync("wait");
        await page.WaitForStateAsync("working");
        await page.Page.Clock.InstallAsync();
        await page.InterceptAsync("SubscribeToTask", route => route.AbortAsync());
        await page.Page.ReloadAsync();

        for (var i = 0; i < 1000 && await page.Page.Locator(".failure").CountAsync() == 0; i++)
            await page.Page.Clock.FastForwardAsync(500);

        await page.SeesAsync("The stream ended five times without news. Resume it to go on.");
    }

    [SkippableFact]
    public async Task EachTenantHasItsOwnConversation()
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync("ask");
        await page.WaitForStateAsync("input-required");

        await ChooseTenantAsync(page, "other");
        await page.SeesAsync("A message starts a task.");
        await page.SayAsync("hello");
        await page.WaitForStateAsync("completed");
        Assert.Equal(1, await page.Page.Locator(".turn").CountAsync());
        await ChooseTenantAsync(page, "");

        await page.WaitForStateAsync("input-required");
        await page.SeesAsync("The message answers the question of the task.");
        Assert.Equal(1, await page.Page.Locator(".turn").CountAsync());
    }

    [SkippableTheory]
    [InlineData("1.0", "JSONRPC")]
    [InlineData("0.3", "HTTP+JSON")]
    public async Task AReloadShowsTheTasksThatTheAgentStillHas(string version, string binding)
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.ConnectAsync(version, binding);
        await page.SayAsync("ask");
        await page.WaitForStateAsync("input-required");
        await page.Page.EvaluateAsync("""
            for (const key of Object.keys(sessionStorage)) {
              const kept = JSON.parse(sessionStorage[key]);
              if (kept.tasks) sessionStorage[key] = JSON.stringify({ ...kept, tasks: ['expired', ...kept.tasks] });
            }
            """);

        await page.Page.ReloadAsync();

        await page.WaitForStateAsync("input-required");
        await page.SeesAsync("One task of this conversation no longer exists.");
        await page.Page.ReloadAsync();
        await page.WaitForStateAsync("input-required");
        Assert.Equal(0, await page.Page.Locator(".failure").CountAsync());
    }

    [SkippableFact]
    public async Task ANewConversationIsTheSameAfterAnotherView()
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync("hello");
        await page.WaitForStateAsync("completed");
        await page.Button("New conversation").ClickAsync();
        await page.SayAsync("ask");
        await page.WaitForStateAsync("input-required");

        await page.GoToAsync("tasks");
        await page.Page.Locator("#words").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GoToAsync("chat");

        await page.WaitForStateAsync("input-required");
        await page.SayAsync("tomorrow");
        await page.WaitForStateAsync("completed");
        Assert.Equal(1, await page.Page.Locator(".turn").CountAsync());
    }

    [SkippableFact]
    public async Task ATaskIsCanceled()
    {
        await using var page = await chromium.OpenAsync("chat");

        await page.SayAsync("wait");
        await page.WaitForStateAsync("working");
        await page.Button("Cancel").ClickAsync();

        await page.WaitForStateAsync("canceled");
        Assert.False(await page.Button("Cancel").IsVisibleAsync());
    }

    [SkippableTheory]
    [InlineData("1.0", "JSONRPC")]
    [InlineData("0.3", "HTTP+JSON")]
    public async Task FilesAndDataGoWithAMessage(string version, string binding)
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.ConnectAsync(version, binding);
        await page.Page.SetInputFilesAsync(
            "#file", new FilePayload { Name = "a.txt", MimeType = "text/plain", Buffer = "four"u8.ToArray() });
        await page.Text("a.txt (4 B)").WaitForAsync();
        await page.Button("Add data").ClickAsync();
        await page.Label("Data (JSON)").FillAsync("""{"n":1}""");

        await page.SayAsync("look");
        await page.WaitForStateAsync("completed");

        await page.SeesAsync("""look, a.txt of 4 bytes, {"n":1}""");
    }

    [SkippableFact]
    public async Task AnswersWithFilesAndDataAreShown()
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync("parts");
        await page.WaitForStateAsync("completed");

        Assert.Equal("https://example.com/a.png", await page.Text("https://example.com/a.png").GetAttributeAsync("href"));
        Assert.Contains("2.5", await page.Page.Locator(".artifact .json").InnerTextAsync(), StringComparison.Ordinal);
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Button("Save hello.txt").ClickAsync());
        Assert.Equal("hello", await File.ReadAllTextAsync((await download.PathAsync())!));
    }

    [SkippableFact]
    public async Task AFailureIsToldAndTheConversationGoesOnWithoutStream()
    {
        await using var page = await chromium.OpenAsync("chat");
        await page.SayAsync("fail on purpose");
        await page.WaitForStateAsync("failed");
        await page.SeesAsync("on purpose");

        await page.Button("Add data").ClickAsync();
        await page.Label("Data (JSON)").FillAsync("{");
        await page.SayAsync("x");
        Assert.StartsWith("The data is not JSON", await page.Page.Locator(".failure").InnerTextAsync(), StringComparison.Ordinal);
        await page.Label("Data (JSON)").FillAsync("");
        await page.Label("Stream").UncheckAsync();
        await page.SayAsync("x");

        await page.WaitForStateAsync("completed");
        Assert.Equal(2, await page.Page.Locator(".turn").CountAsync());
    }

    private static async Task ChooseTenantAsync(InspectorPage page, string tenant)
    {
        await page.Page.Locator("#connection > summary").ClickAsync();
        await page.Label("Tenant").FillAsync(tenant);
        await page.Label("Tenant").PressAsync("Tab");
        await page.Page.Locator("#connection > summary").ClickAsync();
    }
}
