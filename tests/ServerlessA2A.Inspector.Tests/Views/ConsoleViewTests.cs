using System.Diagnostics;
using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

[Collection(WithChromium.Name)]
public sealed class ConsoleViewTests(Chromium chromium)
{
    [SkippableFact]
    public async Task ARequestIsSentRememberedAndSentAgain()
    {
        await using var page = await chromium.OpenAsync("console");
        await ChooseAsync(page, "send");
        await page.Button("Send").ClickAsync();
        await page.Page.Locator(".answer .json", new() { HasTextString = "TASK_STATE_COMPLETED" }).WaitForAsync();
        await ChooseAsync(page, "stream");
        await page.Button("Send").ClickAsync();
        await page.Page.Locator(".answer .event", new() { HasTextString = "TASK_STATE_COMPLETED" }).WaitForAsync();
        Assert.Equal(["1", "2", "3", "4"], await page.Page.Locator(".answer .number").AllInnerTextsAsync());

        await page.Page.ReloadAsync();
        var history = page.Page.Locator(".history button");
        await history.Nth(1).ClickAsync();
        Assert.Contains("\"SendMessage\"", await page.Label("Body").InputValueAsync(), StringComparison.Ordinal);
        await page.Label("Body").PressAsync("Control+Enter");
        await history.Nth(2).WaitForAsync();
    }

    [SkippableFact]
    public async Task AMistakeIsAnsweredByTheAgent()
    {
        await using var page = await chromium.OpenAsync("console");
        await page.Label("Body").FillAsync("{");
        await page.Button("Send").ClickAsync();

        await page.Page.Locator(".answer .json", new() { HasTextString = "-32700" }).WaitForAsync();
    }

    [SkippableTheory]
    [InlineData("JSONRPC")]
    [InlineData("HTTP+JSON")]
    public async Task TheCurlCommandDoesTheSame(string binding)
    {
        await using var page = await chromium.OpenAsync("console");
        await page.ConnectAsync("1.0", binding);
        await ChooseAsync(page, "send");
        var body = await page.Label("Body").InputValueAsync();
        // What a shell must not read.
        await page.Label("Body").FillAsync(body.Replace("Hello", "it's $HOME `x` \\\\", StringComparison.Ordinal));
        await page.Button("Copy as curl").ClickAsync();
        await page.SeesAsync("Copied");
        var command = await page.Page.EvaluateAsync<string>("navigator.clipboard.readText()");

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();

        Assert.Contains("\"text\":\"it's $HOME `x` \\\\\"", answer, StringComparison.Ordinal);
        Assert.Contains("TASK_STATE_COMPLETED", answer, StringComparison.Ordinal);
    }

    private static async Task ChooseAsync(InspectorPage page, string example) =>
        await page.Page.Locator("form.console select").First.SelectOptionAsync(example);
}
