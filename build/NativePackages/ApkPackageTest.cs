using System.Formats.Tar;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Signing;

namespace OpenStack.NativePackages;

/// <summary>
/// What packages of apk are and become, in a repository of two versions: by our own reader, and by apk itself where
/// this machine has one, as Debian has none.
/// </summary>
/// <param name="package">The packages.</param>
/// <param name="next">Another version of them, which is later.</param>
public sealed class ApkPackageTest(ServicePackage package, ServicePackage next)
{
    static readonly ApkFormat s_format = new();

    readonly List<ContractCheck> _checks = [];

    /// <param name="directory">For the repository, and the host that apk installs to.</param>
    public async Task<IReadOnlyList<ContractCheck>> CheckAsync(AbsolutePath directory)
    {
        var repository = directory / "repository";
        ApkKey.Generate(directory / "test.rsa");
        using var key = ApkKey.Read(directory / "test.rsa", "");
        foreach (var one in (ServicePackage[])[package, next])
            await new ApkRepository(repository).AddAsync(one.Distribution, one.Image.Release,
                one.FilesOf(s_format), key);
        var problems = new ApkRepositoryCheck(repository, key.Public).Check(out var count);
        Add("the repository has four packages of apk, signed and whole", problems.Count == 0 && count == 4,
            problems.Count == 0 ? $"{count}" : string.Join("; ", problems));
        var (first, second) = (FilesOf(package), FilesOf(next));
        foreach (var (one, files) in ((ServicePackage, PackagePair)[])[(package, first), (next, second)])
            CheckPair(one, files);
        var shared = first.Version.Keys.Intersect(second.Version.Keys)
            .Where(x => first.Version[x].EntryType is not TarEntryType.Directory).ToList();
        Add($"{package.VersionName} and {next.VersionName} have no file in common", shared.Count == 0,
            string.Join(", ", shared.Take(5)));
        if (ApkHost.IsHere)
            await new ApkHost(directory / "host", repository, key.Public).LiveAsync(package, next, _checks);
        return _checks;
    }

    void CheckPair(ServicePackage one, PackagePair files)
    {
        var link = files.Service.GetValueOrDefault($"{one.Home[1..]}/current");
        Add($"{one.Name} {one.Version.Apk} runs {one.Version.Name}", link?.LinkName == one.Version.Name,
            link?.LinkName ?? "no link");
        var lost = files.Service.Values.Where(x => x.EntryType is TarEntryType.SymbolicLink)
            .Select(x => x.LinkName).Where(x => x.StartsWith($"{one.Home}/current/", StringComparison.Ordinal))
            .Select(x => x.Replace($"{one.Home}/current/", $"{one.Prefix}/", StringComparison.Ordinal)[1..])
            .Where(x => !files.Version.ContainsKey(x)).ToList();
        Add($"links of {one.Name} {one.Version.Apk} lead to programs of its version", lost.Count == 0,
            string.Join(", ", lost));
        var outside = files.Version.Keys.Where(x => !IsBelow(one.Prefix[1..], x) && !IsBelow(x, one.Prefix[1..])
            && !x.StartsWith("usr/share", StringComparison.Ordinal) && x != "usr").ToList();
        Add($"all of {one.VersionName} is below {one.Prefix}", outside.Count == 0, string.Join(", ", outside.Take(5)));
        var open = files.Version.Values.Concat(files.Service.Values)
            .Where(x => x.EntryType is not TarEntryType.SymbolicLink)
            .Where(x => ((int)x.Mode & 0xe12) != 0 || x.Uid != 0 || x.Gid != 0).Select(x => x.Name).ToList();
        Add($"only root may change what {one.VersionName} has", open.Count == 0, string.Join(", ", open.Take(5)));
        var depends = ApkFile.Read(one.FilesOf(s_format).First(x => x.Name.StartsWith(one.VersionName,
            StringComparison.Ordinal))).Info.Depends;
        Add($"{one.VersionName} wants its interpreter and its C library", depends.Count(x =>
            x.StartsWith("cmd:python3.", StringComparison.Ordinal)
            || x.StartsWith("so:libc.so.", StringComparison.Ordinal)) == 2, string.Join(", ", depends));
    }

    /// <summary>Whether a path is a directory that another one is in, or the same.</summary>
    static bool IsBelow(string directory, string path) =>
        path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);

    void Add(string name, bool holds, string found) => _checks.Add(new ContractCheck(name, holds, found));

    /// <summary>What each of the two installs, by path.</summary>
    sealed record PackagePair(Dictionary<string, PosixTarEntry> Version, Dictionary<string, PosixTarEntry> Service);

    static PackagePair FilesOf(ServicePackage one)
    {
        var files = one.FilesOf(s_format).Select(ApkFile.Read).ToDictionary(x => x.Info.Name);
        return new PackagePair(Entries(files[one.VersionName]), Entries(files[one.Name]));
    }

    /// <exception cref="ProblemException">It is broken, or a file is not what its checksum says.</exception>
    static Dictionary<string, PosixTarEntry> Entries(ApkFile file)
    {
        try
        {
            return file.Entries().ToDictionary(x => x.Entry.Name.TrimEnd('/'), x => (PosixTarEntry)x.Entry);
        }
        catch (InvalidDataException e)
        {
            throw new ProblemException(new Problem(e.Message.TrimEnd('.'), file.File), e);
        }
    }
}
