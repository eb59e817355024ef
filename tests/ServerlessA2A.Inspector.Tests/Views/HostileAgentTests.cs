using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Views;

/// <summary>
/// An agent whose every text is an attack. What must not happen is checked when the page closes: a script that runs, a violation of the
/// policy, a request to elsewhere.
/// </summary>
[Collection(WithChromium.Name)]
public sealed class HostileAgentTests(Chromium chromium)
{
    private const string Attack =
        "<script>alert(1)</script><img src=x onerror=alert(2)><svg/onload=alert(3)></div></main>" +
        "<iframe srcdoc='<script>alert(4)</script>'>" +
        "<a href=\"javascript:alert(5)\">x</a><style>*{display:none}</style><!-- ${alert(6)} {{alert(7)}}\u202e\u0000";

    private const string Dangerous = "main script, main img, main iframe, main svg, main style, a[href^=javascript]";

    private static readonly string Huge = string.Concat(Enumerable.Repeat(Attack + "A".PadRight(2000, 'A'), 600));

    [SkippableFact]
    public async Task NothingOfAHostileCardIsExecuted()
    {
        await using var server = await ForeignServer.StartAsync(HandleAsync);
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);
        await using var page = await chromium.OpenAsync("card", site);

        await page.Page.Locator(".card h2").WaitForAsync();
        Assert.Contains("<script>alert(1)</script>", await page.Page.Locator(".card h2").InnerTextAsync(), StringComparison.Ordinal);
        await page.Page.Locator(".card button.more").First.ClickAsync();
        await page.Text("Raw").ClickAsync();
        await page.Page.Locator(".findings .error").First.WaitForAsync();
        Assert.Equal(0, await page.Page.Locator(Dangerous).CountAsync());
        await page.Page.Locator("nav a").Last.ClickAsync();
        await page.Button("Copy as curl").WaitForAsync();
    }

    [SkippableFact]
    public async Task NothingOfAHostileMessageIsExecuted()
    {
        await using var server = await ForeignServer.StartAsync(HandleAsync);
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);
        await using var page = await chromium.OpenAsync("chat", site);

        await page.SayAsync("hello");
        await page.Page.Locator(".artifact").First.WaitForAsync();
        await page.Page.Locator(".turn button.more").First.ClickAsync();
        await page.Page.Locator(".turn summary").First.ClickAsync();

        Assert.Contains("<img src=x onerror=alert(2)>", await page.Page.Locator(".turn").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Page.Locator(Dangerous).CountAsync());
        await page.GoToAsync("tasks");
        await page.Page.Locator("tbody tr").First.WaitForAsync();
        await page.Page.Locator("tbody a").First.ClickAsync();
        await page.Tab("1.0").ClickAsync();
        await page.Page.Locator(".json, .failure").First.WaitForAsync();
    }

    [SkippableTheory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("<html><script>alert(1)</script>")]
    [InlineData("""{"name":{},"skills":[null,5,{"tags":[{}]}],"supportedInterfaces":[null,{"url":5}]}""")]
    [InlineData("""{"capabilities":[],"provider":[],"signatures":5,"securitySchemes":5,"defaultInputModes":{}}""")]
    public async Task ACardOfAnyShapeIsReviewed(string card)
    {
        await using var server = await ForeignServer.StartAsync(context => context.Response.WriteAsync(card));
        await using var site = await Site.StartAsync("--inspect", server.Address.AbsoluteUri);
        await using var page = await chromium.OpenAsync("card", site);

        await page.Page.Locator(".findings .error").First.WaitForAsync();
    }

    private static Task HandleAsync(HttpContext context)
    {
        var origin = $"http://{context.Request.Host}";
        if (context.Request.Path.Value!.StartsWith("/.well-known", StringComparison.Ordinal))
            return context.Response.WriteAsJsonAsync(Card(origin));
        return AnswerAsync(context);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var request = (await context.Request.ReadFromJsonAsync<JsonObject>())!;
        JsonObject Respond(JsonNode result) => new() { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone(), ["result"] = result };
        switch ((string?)request["method"])
        {
            case "SendStreamingMessage":
                context.Response.ContentType = "text/event-stream";
                foreach (var item in (JsonObject[])[new() { ["task"] = NewTask() }, new() { ["artifactUpdate"] = Update() }])
                    await context.Response.WriteAsync($"id: 1\ndata: {Respond(item).ToJsonString()}\n\n");
                break;
            case "ListTasks":
                var page = new JsonObject { ["tasks"] = new JsonArray(NewTask()), ["totalSize"] = Attack };
                await context.Response.WriteAsJsonAsync(Respond(page));
                break;
            default:
                await context.Response.WriteAsJsonAsync(Respond(NewTask()));
                break;
        }
    }

    private static JsonObject NewTask() => new()
    {
        ["id"] = Attack,
        ["contextId"] = Attack,
        ["status"] = new JsonObject { ["state"] = Attack, ["timestamp"] = Attack, ["message"] = Said(Attack) },
        ["history"] = new JsonArray(Said(Huge), Said(Attack)),
        ["artifacts"] = new JsonArray(new JsonObject { ["artifactId"] = Attack, ["name"] = Attack, ["parts"] = Parts(Attack) }),
    };

    private static JsonObject Update() => new()
    {
        ["taskId"] = Attack,
        ["contextId"] = Attack,
        ["artifact"] = new JsonObject { ["artifactId"] = "second", ["parts"] = Parts(Attack) },
    };

    private static JsonObject Said(string text) =>
        new() { ["messageId"] = $"{Guid.NewGuid()}", ["role"] = Attack, ["parts"] = Parts(text) };

    private static JsonArray Parts(string text) =>
    [
        new JsonObject { ["text"] = text },
        new JsonObject { ["url"] = "javascript:alert(8)", ["filename"] = Attack },
        new JsonObject { ["raw"] = "PHNjcmlwdD4=", ["filename"] = "../../x.html", ["mediaType"] = "text/html" },
        new JsonObject { ["data"] = new JsonObject { ["__proto__"] = new JsonObject { ["polluted"] = true }, [Attack] = Attack } },
        new JsonObject(),
    ];

    private static JsonObject Card(string origin) => new()
    {
        ["name"] = Attack,
        ["description"] = Huge,
        ["version"] = Attack,
        ["supportedInterfaces"] = new JsonArray(
            new JsonObject { ["url"] = origin, ["protocolBinding"] = "JSONRPC", ["protocolVersion"] = "1.0" },
            new JsonObject { ["url"] = "javascript:alert(9)", ["protocolBinding"] = Attack, ["protocolVersion"] = Attack }),
        ["documentationUrl"] = "javascript:alert(10)",
        ["provider"] = new JsonObject { ["organization"] = Attack, ["url"] = Attack },
        ["capabilities"] = new JsonObject { ["streaming"] = true, [Attack] = true },
        ["securitySchemes"] = new JsonObject { [Attack] = new JsonObject() },
        ["defaultInputModes"] = new JsonArray(Attack),
        ["defaultOutputModes"] = new JsonArray(Attack),
        ["skills"] = new JsonArray(new JsonObject
        {
            ["id"] = Attack,
            ["name"] = Attack,
            ["description"] = Attack,
            ["tags"] = new JsonArray(Attack),
        }),
        ["signatures"] = new JsonArray(new JsonObject { ["protected"] = Attack, ["signature"] = Attack }),
        [Attack] = Attack,
    };
}
