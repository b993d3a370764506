using System.Text.RegularExpressions;
using Nuke.Common.IO;

namespace OpenStack.Sources;

/// <summary>
/// Functions that return a service's WSGI application: what PBR's scripts call, and what modules that bind
/// <c>application</c> call. uWSGI takes <c>module:function()</c>; where such a module is newer than a release, what it
/// calls often is not (octavia, designate, barbican).
/// </summary>
static partial class WsgiFactories
{
    /// <returns><c>module:function</c>, sorted; each is there and needs no argument.</returns>
    public static IReadOnlyList<string> Of(AbsolutePath tree)
    {
        var source = new PythonSource(tree);
        return
        [
            .. EntryPointScan.WsgiScripts(tree).Select(x => x.Value)
                .Concat(EntryPointScan.WsgiModules(tree).SelectMany(x => CalledBy(x, source)))
                .Where(x => x.Split(':') is [var module, var function] && source.HasFactory(module, function))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
    }

    static IEnumerable<string> CalledBy(string module, PythonSource source)
    {
        var text = source.Read(module) ?? "";
        var imports = source.Imports(text);
        foreach (Match call in Call().Matches(text))
        {
            var (head, function) = (call.Groups["head"].Value, call.Groups["function"].Value);
            if (head.Length > 0 && imports.TryGetValue(head, out var from)) yield return $"{from}:{function}";
            else if (head.Length == 0)
                yield return imports.TryGetValue(function, out var named) ? named : $"{module}:{function}";
        }
    }

    [GeneratedRegex(@"(?m)^\s*(?:\w+\s*=\s*)*application\s*(?::[^=]+)?=\s*(?:(?<head>\w+)\.)?(?<function>\w+)\(")]
    private static partial Regex Call();
}
