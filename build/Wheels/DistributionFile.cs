using System.Text.RegularExpressions;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Wheels;

/// <summary>The file that a distribution of an image was installed from.</summary>
/// <param name="File">Its name: a wheel, or a source archive that a wheel was made of.</param>
/// <param name="Sha256">64 hexadecimal digits, as the index says and as what came was.</param>
/// <param name="Url">Where it came from; null where only its name is known.</param>
/// <param name="BuiltFrom">The source archive that it was built from here; null of a file that the index has.</param>
public sealed partial record DistributionFile(
    string Name, string Version, string File, string Sha256, string? Url = null, SourceArchive? BuiltFrom = null)
{
    public PythonName Key => PythonName.Of(Name);

    /// <summary>Where it came from without what only who built it may know; its name where there is no url.</summary>
    public string PublicUrl => PublicUrlOf(Url, File);

    /// <summary>As <see cref="PublicUrl"/>.</summary>
    public static string PublicUrlOf(string? url, string file) => url is null ? file : Credentials().Replace(url, "$1");

    /// <summary>What is wrong with an entry that somebody wrote.</summary>
    /// <param name="shownAs">The entry in messages.</param>
    /// <param name="expected">What an entry is.</param>
    public static IReadOnlyList<Problem> ProblemsOf(DistributionFile? entry, string shownAs, string expected)
    {
        if (entry is null) return [new Problem($"{shownAs}: it is null", Expected: expected)];
        var of = entry.Name is { Length: > 0 } name ? $"{shownAs} ({name})" : shownAs;
        var problems = new List<Problem>();
        void Require(bool holds, string found, string right)
        {
            if (!holds) problems.Add(new Problem($"{of}: {found}", Expected: right));
        }

        void RequireFile(string at, string? file, string? digest)
        {
            Require(FileName().IsMatch(file ?? ""), $"{at}file is '{file}'", "the name of a wheel or source archive");
            Require(Digits().IsMatch(digest ?? ""), $"{at}sha256 is '{digest}'", "64 hexadecimal digits in lower case");
        }

        Require(PythonName.IsValid(entry.Name ?? ""), $"'{entry.Name}' is no name of a distribution", "one of PEP 508");
        Require(!string.IsNullOrWhiteSpace(entry.Version), "version is missing", "that of the distribution");
        RequireFile("", entry.File, entry.Sha256);
        if (entry.BuiltFrom is { } archive) RequireFile("builtFrom.", archive.File, archive.Sha256);
        foreach (var url in new[] { entry.Url, entry.BuiltFrom?.Url }.OfType<string>())
            Require(Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https"),
                $"url is '{url}'", "one of http or https");
        return problems;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+!-]*\.(whl|tar\.gz|zip|tar\.bz2|tar\.xz|tgz)\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^(https?://)[^/?#]*@", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();
}

/// <summary>A source archive of the index.</summary>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Url">Where the index has it; null where only its name is known.</param>
public sealed record SourceArchive(string File, string Sha256, string? Url = null);
