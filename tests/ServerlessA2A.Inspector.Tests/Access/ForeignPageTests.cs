using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Inspector.Tests.Support;

namespace ServerlessA2A.Inspector.Tests.Access;

/// <summary>What a page of somebody else's can do to the local host from the user's browser: nothing.</summary>
[Collection(WithChromium.Name)]
public sealed class ForeignPageTests(Chromium chromium)
{
    private const string Attack = """
        async site => {
          const message = id => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message:
            { messageId: id, role: 'ROLE_USER', parts: [{ text: 'forged' }] } } });
          const tried = { };
          const attempt = async (name, work) => {
            try { tried[name] = String(await work()); } catch { tried[name] = 'refused'; }
          };
          const read = path => attempt(path, async () => (await fetch(site + path)).text());
          for (const path of ['', 'tasks', 'inspector/', 'inspector/api/agents', 'inspector/api/tasks/x']) await read(path);
          await attempt('json', () =>
            fetch(site, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: message('m-1') }));
          await attempt('simple', async () =>
            (await fetch(site, { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body: message('m-2') })).type);
          await attempt('untyped', async () =>
            (await fetch(site, { method: 'POST', mode: 'no-cors', body: new Blob([message('m-3')]) })).type);
          await attempt('form', async () => {
            const form = document.createElement('form');
            Object.assign(form, { method: 'POST', action: site, enctype: 'text/plain', target: 'frame' });
            const field = document.createElement('input');
            const [before, after] = message('m-4').split('forged');
            Object.assign(field, { name: before + 'forged', value: after });
            form.append(field);
            const frame = Object.assign(document.createElement('iframe'), { name: 'frame' });
            document.body.append(frame, form);
            const loaded = new Promise(done => { frame.onload = done; });
            form.submit();
            await loaded;
            return 'sent';
          });
          await attempt('script', () => new Promise((onload, onerror) => {
            const script = Object.assign(document.createElement('script'), { src: site + 'inspector/main.js', onload, onerror });
            document.body.append(script);
          }));
          await attempt('frame', async () => {
            const frame = Object.assign(document.createElement('iframe'), { src: site + 'inspector/' });
            document.body.append(frame);
            await new Promise(done => { frame.onload = done; });
            return frame.contentDocument.body.textContent;
          });
          return JSON.stringify(tried);
        }
        """;

    private static readonly string[] Attempts =
    [
        "", "tasks", "inspector/", "inspector/api/agents", "inspector/api/tasks/x",
        "json", "simple", "untyped", "form", "script", "frame",
    ];

    [SkippableFact]
    public async Task APageOfAnotherSiteReadsNothingAndStartsNoTask()
    {
        await using var foreign = await ForeignServer.StartAsync(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<!doctype html><title>evil</title><body>");
        });
        await using var context = await chromium.NewContextAsync();
        var page = await context.NewPageAsync();

        // Of another site, and of another port of this machine, which is the same site.
        foreach (var host in (string[])[Chromium.ForeignName, "127.0.0.1"])
        {
            await using var site = await Site.StartAsync();
            await page.GotoAsync($"http://{host}:{foreign.Address.Port}/");
            var tried = JsonSerializer.Deserialize<Dictionary<string, string>>(
                await page.EvaluateAsync<string>(Attack, site.Address.AbsoluteUri))!;

            Assert.Equal(Attempts, tried.Keys);
            foreach (var (name, outcome) in tried)
                Assert.True(name is "simple" or "untyped" or "form" || outcome == "refused", $"{host} {name}: {outcome}");
            Assert.Equal(0, await CountTasksAsync(site));
        }
    }

    [SkippableFact]
    public async Task ANameThatWasPointedAtThisMachineIsRefused()
    {
        await using var site = await Site.StartAsync();
        await using var context = await chromium.NewContextAsync();
        var page = await context.NewPageAsync();
        foreach (var path in (string[])["", "tasks", "inspector/", "inspector/api/agents", ".well-known/agent-card.json"])
        {
            var response = await page.GotoAsync($"http://{Chromium.ForeignName}:{site.Address.Port}/{path}");
            Assert.Equal((path, 403), (path, response!.Status));
        }
    }

    private static async Task<int> CountTasksAsync(Site site)
    {
        using var client = new HttpClient { BaseAddress = site.Address, DefaultRequestHeaders = { { "A2A-Version", "1.0" } } };
        using var tasks = JsonDocument.Parse(await client.GetStringAsync("tasks"));
        return tasks.RootElement.GetProperty("totalSize").GetInt32();
    }
}
