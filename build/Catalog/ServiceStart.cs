namespace OpenStack.Catalog;

/// <summary>
/// What the image of a service starts with, in all releases that it is added to: images know no releases.
/// </summary>
/// <param name="Application">What uWSGI loads, <c>module:application</c> or <c>module:function()</c>.</param>
/// <param name="Asgi">What Gunicorn loads, <c>module:name</c>.</param>
/// <param name="Script">The script that is its API, where it has no application.</param>
/// <param name="Todo">What a person has to find out; null where that is nothing.</param>
sealed record ServiceStart(string? Application, string? Asgi, string? Script, string? Todo)
{
    const int MostShown = 5;

    /// <summary>Endings of scripts that end by themselves.</summary>
    static readonly string[] s_noServers =
        ["-manage", "-status", "-dbsync", "-upgrade", "-rootwrap", "-generator", "-audit", "-info"];

    /// <param name="service">The service.</param>
    /// <param name="byRelease">What is known of it, oldest release first.</param>
    public static ServiceStart Of(string service, IReadOnlyList<(string Release, NewComponent Component)> byRelease)
    {
        var known = byRelease.Where(x => x.Component.EntryPoints is not null).ToList();
        if (known.Count == 0)
            return new ServiceStart(null, null, null,
                "what \"docker run\" starts (EXPOSE, CMD): its source is not known.");
        if (Best(InAll(known, x => x.EntryPoints!.Wsgi)) is { } module)
            return new ServiceStart($"{module}:application", null, null, null);
        // It is older than the modules that call it.
        if (Best(InAll(known, x => x.Traits.Factories)) is { } factory)
            return new ServiceStart($"{factory}()", null, null, null);
        if (Best(known[^1].Component.EntryPoints!.Wsgi) is { } newest)
        {
            var without = known.Where(x => !x.Component.EntryPoints!.Wsgi.Contains(newest)).Select(x => x.Release);
            return new ServiceStart($"{newest}:application", null, null,
                $"{newest} is not in {string.Join(", ", without)}: what starts it there?");
        }

        if (InAll(known, x => x.Traits.Asgi).FirstOrDefault() is { } asgi)
            return new ServiceStart(null, asgi, null, null);
        var scripts = InAll(known, x => x.EntryPoints!.Scripts);
        var script = ((string[])[service, $"{service}-api", $"{service}-server"]).FirstOrDefault(scripts.Contains)
            ?? (known[^1].Component.Traits.IsClient && scripts is [var only] ? only : null);
        return new ServiceStart(null, null, script, script is not null ? null : scripts.Count == 0
            ? "what \"docker run\" starts (EXPOSE, CMD): it has no script, and no application."
            : $"what \"docker run\" starts (EXPOSE, CMD): {Shown(scripts)}?");
    }

    static string Shown(List<string> scripts)
    {
        var servers = scripts.Where(x => !s_noServers.Any(y => x.EndsWith(y, StringComparison.Ordinal))).ToList();
        return string.Join(", ", servers.Take(MostShown))
            + (servers.Count > MostShown ? $" or one of {servers.Count - MostShown} others" : "");
    }

    static List<string> InAll(List<(string Release, NewComponent Component)> known,
        Func<NewComponent, IReadOnlyList<string>> of) => known.Count == 0 ? []
            : [.. of(known[^1].Component).Where(x => known.All(y => of(y.Component).Contains(x)))];

    /// <summary>Of several applications the API: heat.wsgi.api rather than heat.wsgi.cfn.</summary>
    static string? Best(IEnumerable<string> applications) =>
        applications.FirstOrDefault(x => x.Contains("api", StringComparison.Ordinal) && !x.Contains("cfn"))
        ?? applications.FirstOrDefault();
}
