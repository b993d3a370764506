using Microsoft.Playwright;

namespace OpenStack.Tests.Browser;

/// <summary>A browser, and the report that it opens: what the target Report has written.</summary>
public sealed class ReportPages : IAsyncLifetime
{
    IPlaywright? _playwright;
    IBrowser? _browser;

    /// <summary>The directory with <c>index.html</c>.</summary>
    public static string Directory => Require("OPENSTACK_IMAGES_REPORT");

    /// <summary>The script of axe-core.</summary>
    public static string AxeCore => Require("OPENSTACK_IMAGES_AXE");

    /// <summary>Where pictures of what was looked at are left.</summary>
    public static string Screenshots => Require("OPENSTACK_IMAGES_SCREENSHOTS");

    /// <summary>The pages of images of a release, by name.</summary>
    public static IReadOnlyList<string> Images => [.. System.IO.Directory.GetFiles(Directory, "*-*.html")
        .Select(x => Path.GetFileName(x)).Order(StringComparer.Ordinal)];

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Require("OPENSTACK_IMAGES_CHROMIUM"),
            // Whoever runs tests in a container is root.
            ChromiumSandbox = false,
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a page from the disk.</summary>
    /// <param name="page">Its name, with a fragment perhaps.</param>
    /// <param name="isToBeRead">Whether scripts of the test run in it beside its own: axe-core is none of its
    /// own.</param>
    public async Task<OpenedPage> OpenAsync(string page, int width = 1280, bool isDark = false, bool isToBeRead = false,
        bool hasScripts = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            BypassCSP = isToBeRead,
            JavaScriptEnabled = hasScripts,
        });
        var opened = new OpenedPage(await context.NewPageAsync());
        await opened.Page.GotoAsync(new Uri(Path.Combine(Directory, page.Split('#')[0])).AbsoluteUri
            + (page.Contains('#') ? page[page.IndexOf('#')..] : ""));
        return opened;
    }

    static string Require(string variable) => Environment.GetEnvironmentVariable(variable)
        ?? throw new InvalidOperationException($"{variable} is not set: tests/browser sets it");
}

/// <summary>A page, and what it has told the console or asked the network for.</summary>
public sealed class OpenedPage : IAsyncDisposable
{
    readonly List<string> _told = [];
    readonly List<string> _asked = [];

    public OpenedPage(IPage page)
    {
        Page = page;
        page.Console += (_, x) => _told.Add($"{x.Type}: {x.Text}");
        page.PageError += (_, x) => _told.Add(x);
        page.Request += (_, x) => _asked.Add(x.Url);
    }

    public IPage Page { get; }

    /// <summary>Fails where it said anything, or asked for anything but itself and other pages.</summary>
    public void ShouldBeQuiet()
    {
        Assert.Empty(_told);
        Assert.All(_asked, x => Assert.Matches("^file:.*\\.html(#.*)?$", x));
    }

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
