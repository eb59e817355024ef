using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace ServerlessA2A.Inspector.Tests.Support;

/// <summary>
/// The inspector in a window of its own. On <see cref="DisposeAsync"/> it checks what holds for every page: no script failed, nothing
/// violated the content security policy, and nothing was loaded from elsewhere.
/// </summary>
internal sealed class InspectorPage : IAsyncDisposable
{
    private const string Watch = """
        window.violations = [];
        document.addEventListener('securitypolicyviolation', e => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
        """;

    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _faults = new();

    private InspectorPage(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        page.PageError += (_, error) => _faults.Enqueue($"script failed: {error}");
        page.Dialog += (_, dialog) => _faults.Enqueue($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal) &&
                !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _faults.Enqueue($"request to {request.Url}");
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    public static async Task<InspectorPage> OpenAsync(IBrowserContext context, Uri address, string view)
    {
        await context.AddInitScriptAsync(Watch);
        var page = new InspectorPage(context, await context.NewPageAsync(), address);
        await page.GoToAsync(view);
        return page;
    }

    /// <summary>Opens a view: <c>card</c>, <c>tasks/ID</c>.</summary>
    public Task GoToAsync(string view) => Page.GotoAsync($"{_address}inspector/#{view}");

    /// <summary>The one element that has a text.</summary>
    public ILocator Text(string text) => Page.GetByText(text, new PageGetByTextOptions { Exact = true });

    /// <summary>Waits until an element is there.</summary>
    public Task SeesAsync(string text) => Text(text).First.WaitForAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Label(string name) => Page.GetByLabel(name, new PageGetByLabelOptions { Exact = true });

    public ILocator Tab(string name) => Page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Chooses a version and a binding.</summary>
    public async Task ConnectAsync(string version, string binding)
    {
        await Page.Locator("#connection > summary").ClickAsync();
        await Label("Version").SelectOptionAsync(version);
        await Label("Binding").SelectOptionAsync(binding);
        await Page.Locator("#connection > summary").ClickAsync();
    }

    /// <summary>Handles the page's JSON-RPC calls of a method; all other requests pass.</summary>
    public Task InterceptAsync(string method, Func<IRoute, Task> handle) => Page.RouteAsync(
        url => url == _address.AbsoluteUri,
        route => route.Request.PostData?.Contains($"\"{method}\"", StringComparison.Ordinal) == true
            ? handle(route)
            : route.ContinueAsync());

    /// <summary>Sends a message in the chat.</summary>
    public async Task SayAsync(string words)
    {
        await Label("Message").FillAsync(words);
        await Label("Message").PressAsync("Control+Enter");
    }

    /// <summary>Waits until the newest task of the chat is in a state.</summary>
    public Task WaitForStateAsync(string state) => Page.Locator(".turn").Last.Locator("footer .badge." + state).WaitForAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var violation in await Page.EvaluateAsync<string[]>("window.violations"))
            _faults.Enqueue($"policy violated: {violation}");
        await _context.DisposeAsync();
        Assert.Empty(_faults);
    }
}
