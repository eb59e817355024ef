using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

[Collection(WithChromium.Name)]
public sealed class CardViewTests(Chromium chromium)
{
    [SkippableFact]
    public async Task TheCardIsRenderedReviewedAndVerified()
    {
        await using var page = await chromium.OpenAsync("card");

        await page.SeesAsync("Stage agent");
        await page.SeesAsync("Counts to a number, slowly.");
        await page.SeesAsync("Valid for 1.0");
        await page.SeesAsync("Valid for 0.3");
        Assert.StartsWith("Signature verified with the key", await page.Page.Locator("p.good").InnerTextAsync(), StringComparison.Ordinal);

        await page.Tab("0.3 client").ClickAsync();
        await page.SeesAsync("Valid for 0.3");
        Assert.Equal(0, await page.Text("Valid for 1.0").CountAsync());
        await page.Text("Raw").ClickAsync();
        var raw = await page.Page.Locator(".json").First.InnerTextAsync();
        Assert.Contains("\"preferredTransport\": \"JSONRPC\"", raw, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task TheViewsAreReachedByKeys()
    {
        await using var page = await chromium.OpenAsync("card");
        await page.SeesAsync("Stage agent");
        await page.Page.Locator("nav a[aria-current=page]", new() { HasTextString = "Card" }).WaitForAsync();

        await page.Tab("Any client").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal("true", await page.Tab("1.0 client").GetAttributeAsync("aria-selected"));
        await page.Page.Keyboard.PressAsync("2");
        await page.Label("Message").WaitForAsync();
        await page.Page.Keyboard.PressAsync("3");
        await page.Button("Load").WaitForAsync();
        await page.Page.Keyboard.PressAsync("4");
        await page.Button("Copy as curl").WaitForAsync();
        Assert.Equal(["Console"], await page.Page.Locator("nav a[aria-current]").AllInnerTextsAsync());
    }
}
