using static OpenStack.Report.Markup;

namespace OpenStack.Report;

/// <summary>The frame of a page: it loads nothing, and runs nothing but the script that it brings.</summary>
static class Page
{
    public static string Of(string title, Markup header, Markup main, PageAsset style,
        PageAsset script, DateTimeOffset at)
    {
        // frame-ancestors has no meaning in a meta element (CSP 3, section 3.3).
        var policy = $"default-src 'none'; style-src {style.Source}; script-src {script.Source}; "
            + "base-uri 'none'; form-action 'none'";
        return Html(
            $"""
            <!doctype html>
            <html lang=en>
            <head>
            <meta charset=utf-8>
            <meta http-equiv=Content-Security-Policy content="{policy}">
            <meta name=viewport content="width=device-width, initial-scale=1">
            <meta name=color-scheme content="light dark">
            <meta name=referrer content=no-referrer>
            <title>{title}</title>
            <style>{OfAsset(style)}</style>
            </head>
            <body>
            <a class=skip href="#main">Skip to the content</a>
            <header>{header}</header>
            <main id=main>
            {main}</main>
            <footer>Read on {PageParts.Time(at)} from what lies in <code>artifacts/</code> and in the repository. A
            number leads to the file that it is from; what is <span class=unknown>not known</span> says which target
            makes it known.</footer>
            <script>{OfAsset(script)}</script>
            </body>
            </html>

            """).ToString();
    }
}
