using Microsoft.Playwright;

namespace ServerlessA2A.Inspector.Tests.Support;

/// <summary>The system's Chromium, and a local host: both are shared by all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>A name of somebody else's that leads to this machine, as an attacker's may.</summary>
    internal const string ForeignName = "evil.example";

    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>In milliseconds. Generous: on a slow machine a test takes longer, it does not fail.</summary>
    private const int Patience = 120_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Site? _site;

    /// <summary>The local host.</summary>
    internal Site Site => _site!;

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        if (Array.Find(Programs, File.Exists) is not { } program)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Timeout = Patience,
            // Containers run tests as root, where Chromium has no sandbox. It opens pages of this process only.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", $"--host-resolver-rules=MAP {ForeignName} 127.0.0.1"],
        });
    }

    /// <summary>Opens the inspector. Skips the test where there is no browser, unless CI requires one.</summary>
    internal async Task<InspectorPage> OpenAsync(
        string view, Site? site = null, int width = 1280, ColorScheme scheme = ColorScheme.Light) =>
        await InspectorPage.OpenAsync(await NewContextAsync(width, scheme), (site ?? Site).Address, view);

    /// <summary>A window for any page. Skips the test where there is no browser, unless CI requires one.</summary>
    internal async Task<IBrowserContext> NewContextAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        Skip.If(
            _browser is null && Environment.GetEnvironmentVariable("REQUIRE_EMULATORS") != "1",
            "There is no Chromium (Debian: apt-get install chromium).");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
            ColorScheme = scheme,
            TimezoneId = "UTC",
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Site.DisposeAsync();
    }
}

/// <summary>The tests that use the browser. They run one after the other: each is a matter of a second, and browsers are large.</summary>
[CollectionDefinition(Name)]
public sealed class WithChromium : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
