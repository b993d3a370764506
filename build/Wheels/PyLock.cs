using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Storage;
using Tomlyn;
using Tomlyn.Model;

namespace OpenStack.Wheels;

/// <summary>
/// A closure as <c>uv pip compile</c> writes it: <c>pylock.toml</c> for one interpreter and platform (PEP 751,
/// "pylock.toml" of the PyPA specifications, lock-version 1).
/// </summary>
public static class PyLock
{
    /// <summary>What the wheel of <paramref name="own"/> needs, without itself, sorted by name.</summary>
    /// <exception cref="ProblemException">
    /// It is no such file, or has distributions that come as something else than a file of an index.
    /// </exception>
    public static IReadOnlyList<LockedDistribution> Read(AbsolutePath file, string own)
    {
        var text = Utf8File.Read(file, file);
        return Parse(text, file, own);
    }

    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<LockedDistribution> Parse(string text, string file, string own)
    {
        var problems = new List<Problem>();
        var found = new List<LockedDistribution>();
        foreach (var package in PackagesOf(text, file))
        {
            if (package.GetValueOrDefault("name") is not string name
                || package.GetValueOrDefault("version") is not string version)
                problems.Add(new Problem("a package has no name or no version", file,
                    Expected: "PEP 751: name and version"));
            else if (PythonName.Of(name) == PythonName.Of(own)) continue;
            else if (FileOf(package, name, version, file, problems) is { } chosen)
                found.Add(new LockedDistribution(PythonName.Of(name).Value, version, chosen)
                {
                    Source = SourceOf(package, name, version, file),
                });
        }

        ProblemException.ThrowIfAny(problems);
        return [.. found.OrderBy(x => x.Name, StringComparer.Ordinal)];
    }

    static IReadOnlyList<TomlTable> PackagesOf(string text, string file)
    {
        try
        {
            var root = TomlSerializer.Deserialize<TomlTable>(text)!;
            if (root.GetValueOrDefault("lock-version") is not string version
                || !version.StartsWith("1.", StringComparison.Ordinal))
                throw new ProblemException(new Problem("this is no lock of Python packages", file,
                    Expected: "lock-version = \"1.0\""));
            return root.GetValueOrDefault("packages") switch
            {
                TomlTableArray tables => [.. tables],
                null => [],
                _ => throw new ProblemException(new Problem("'packages' is no list of tables", file,
                    Expected: "[[packages]]")),
            };
        }
        catch (TomlException e)
        {
            throw new ProblemException(new Problem($"this is no TOML: {e.Message}", file), e);
        }
    }

    static IndexFile? FileOf(TomlTable package, string name, string version, string file, List<Problem> problems)
    {
        var wheels = package.GetValueOrDefault("wheels") switch
        {
            TomlTableArray tables => [.. tables],
            TomlArray array => array.OfType<TomlTable>().ToList(),
            _ => [],
        };
        var entries = wheels.Count > 0 ? wheels : package.GetValueOrDefault("sdist") is TomlTable sdist ? [sdist] : [];
        if (entries.Count == 0)
        {
            var kinds = package.Keys.Where(x => x is "archive" or "directory" or "vcs").ToList();
            problems.Add(new Problem(
                $"'{name}' {version} comes as {(kinds.Count > 0 ? kinds[0] : "nothing")}, not from an index", file,
                Remedy: "A distribution that asks for another one by URL cannot be held to constraints: patch its "
                    + "requirement, or build that other one from source (source-refs.yaml)"));
            return null;
        }

        var files = entries.Select(x => ReadFile(x, name, version, file, problems)).OfType<IndexFile>().ToList();
        return files.OrderByDescending(x => WheelName.TryParse(x.Name)?.Preference ?? default)
            .ThenBy(x => x.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    /// <summary>
    /// Null where there is none, or none that could be told from others: it is not what is installed.
    /// </summary>
    static IndexFile? SourceOf(TomlTable package, string name, string version, string file) =>
        package.GetValueOrDefault("sdist") is TomlTable sdist ? ReadFile(sdist, name, version, file, []) : null;

    static IndexFile? ReadFile(TomlTable entry, string name, string version, string file, List<Problem> problems)
    {
        var url = entry.GetValueOrDefault("url") as string ?? entry.GetValueOrDefault("path") as string;
        var sha256 = (entry.GetValueOrDefault("hashes") as TomlTable)?.GetValueOrDefault("sha256") as string;
        if (url is null || sha256 is null)
        {
            problems.Add(new Problem($"'{name}' {version} has a file without {(url is null ? "url" : "sha256")}", file,
                Remedy: "Its index does not say what the file is: take the distribution from another one, or from a "
                    + "directory (--wheelhouse)"));
            return null;
        }

        var fileName = entry.GetValueOrDefault("name") as string
            ?? Uri.UnescapeDataString(url.Split('#', '?')[0].Split('/')[^1]);
        return new IndexFile(fileName, url, sha256) { Size = entry.GetValueOrDefault("size") as long? };
    }

    static object? GetValueOrDefault(this TomlTable table, string key) =>
        table.TryGetValue(key, out var value) ? value : null;
}
