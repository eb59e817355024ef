using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Inspector.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

/// <summary>What the page sends, and to whom.</summary>
[Collection(WithChromium.Name)]
public sealed class ConnectionTests(Chromium chromium)
{
    [SkippableFact]
    public async Task NothingThatWasEnteredForOneAgentGoesToTheNext()
    {
        var urls = $"http://127.0.0.1:{FreePort.Find()}";
        await using var first = await ForeignServer.StartAsync(CardAsync);
        await using var second = await ForeignServer.StartAsync(CardAsync);
        await using var site = await Site.StartAsync("--urls", urls, "--inspect", first.Address.AbsoluteUri);
        await using var page = await chromium.OpenAsync("console", site);
        await page.Page.Locator("#connection > summary").ClickAsync();
        await page.Label("Headers").First.FillAsync("Authorization: Bearer mine");
        await page.Label("Tenant").FillAsync("acme");
        await page.Label("Tenant").PressAsync("Tab");
        await page.Button("Send").ClickAsync();
        await page.Page.Locator(".history button").WaitForAsync();
        Assert.Contains(first.Received, headers => headers.Authorization == "Bearer mine");
        await site.StopAsync();

        await using var next = await Site.StartAsync("--urls", urls, "--inspect", second.Address.AbsoluteUri);
        await page.GoToAsync("card");
        await page.Page.ReloadAsync();

        await page.Page.Locator("#target", new() { HasTextString = second.Address.AbsoluteUri }).WaitForAsync();
        await page.Page.Locator(".findings").WaitForAsync();
        Assert.NotEmpty(second.Received);
        Assert.All(second.Received, headers => Assert.False(headers.ContainsKey("Authorization")));
        Assert.Equal("1.0 · JSON-RPC", await page.Page.Locator("#connection-summary").InnerTextAsync());
        await page.GoToAsync("console");
        await page.SeesAsync("Nothing sent yet.");
    }

    [SkippableFact]
    public async Task TheCredentialThatTheLocalHostRequiresIsEnteredInThePage()
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("a"u8));
        await using var server = await ForeignServer.StartAsync(CardAsync);
        await using var site = await Site.StartAsync(
            "--A2A:Security:Identity:0=api-key", "--A2A:Security:ApiKeys:Hashes:0=alice=" + hash, "--inspect", server.Address.AbsoluteUri);
        await using var page = await chromium.OpenAsync("card", site);
        await page.Page.Locator("main > .failure", new() { HasTextString = "401" }).WaitForAsync();

        await page.Label("Headers").FillAsync("X-API-Key: a");
        await page.Label("Headers").PressAsync("Tab");

        await page.Page.Locator("#target", new() { HasTextString = server.Address.AbsoluteUri }).WaitForAsync();
        await page.Page.Locator(".findings").WaitForAsync();
        Assert.Equal("X-API-Key: a", await page.Label("Headers").InputValueAsync());
    }

    [SkippableFact]
    public async Task EachVersionGoesToItsInterfaceWithItsTenant()
    {
        var requests = new ConcurrentQueue<string>();
        await using var server = await ForeignServer.StartAsync(async context =>
        {
            if (context.Request.Method == HttpMethods.Get)
            {
                await CardAsync(context);
                return;
            }

            var request = (await context.Request.ReadFromJsonAsync<JsonObject>())!;
            requests.Enqueue($"{context.Request.Path} {request["method"]} {request["params"]!["tenant"]}");
            await context.Response.WriteAsJsonAsync(new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = request["id"]!.DeepClone(),
                ["result"] = new JsonObject { ["id"] = "x", ["path"] = $"{context.Request.Path}" },
            });
        });
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);
        await using var page = await chromium.OpenAsync("tasks/x", site);

        await page.Page.Locator(".json", new() { HasTextString = "/v1" }).WaitForAsync();
        await page.Tab("0.3").ClickAsync();
        await page.Page.Locator(".json", new() { HasTextString = "/legacy" }).WaitForAsync();

        Assert.Equal(["/v1 GetTask acme", "/legacy tasks/get "], requests);
    }

    private static Task CardAsync(HttpContext context)
    {
        var origin = $"http://{context.Request.Host}";
        return context.Response.WriteAsJsonAsync(new JsonObject
        {
            ["name"] = "Foreign",
            ["supportedInterfaces"] = new JsonArray(
                new JsonObject
                {
                    ["url"] = $"{origin}/v1",
                    ["protocolBinding"] = "JSONRPC",
                    ["protocolVersion"] = "1.0",
                    ["tenant"] = "acme",
                },
                new JsonObject { ["url"] = $"{origin}/legacy", ["protocolBinding"] = "JSONRPC", ["protocolVersion"] = "0.3" }),
        });
    }
}
