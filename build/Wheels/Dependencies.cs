using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>
/// What an image installs beside its service, ready to be installed: <c>dependencies.txt</c>, the distributions with
/// the digest of the one file that each is installed from (pip's requirements file format, hash-checking mode), and in
/// <c>wheels/</c> those files that no index has.
/// </summary>
public static class Dependencies
{
    /// <param name="directory">Where it is left.</param>
    /// <param name="closure">What is installed.</param>
    /// <param name="built">The wheel of each source distribution in it, by its digest.</param>
    /// <param name="libraries">
    /// Directory of the wheels of libraries that are built from source; null without any.
    /// </param>
    /// <returns>Whether it was made, and where each distribution comes from.</returns>
    public static async Task<(bool Made, DistributionFiles Files)> MakeAsync(
        AbsolutePath directory, IReadOnlyList<LockedDistribution> closure,
        IReadOnlyDictionary<string, AbsolutePath> built, AbsolutePath? libraries)
    {
        var local = new List<AbsolutePath>();
        var origins = closure.Select(x => OriginOf(x, built, libraries, local)).ToList();
        var lines = origins.Select(x => $"{x.Name}=={x.Version} --hash=sha256:{x.Sha256}\n");
        var text = string.Concat(lines);
        var inputs = new StageInputs().Add("dependencies.txt", Digest.OfText(text));
        var made = await new Stage(directory, inputs).MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside / "wheels");
            File.WriteAllText(aside / "dependencies.txt", text);
            foreach (var wheel in local) File.Copy(wheel, aside / "wheels" / wheel.Name);
            return Task.CompletedTask;
        });
        return (made, new DistributionFiles(origins));
    }

    static DistributionFile OriginOf(
        LockedDistribution distribution, IReadOnlyDictionary<string, AbsolutePath> built, AbsolutePath? libraries,
        List<AbsolutePath> local)
    {
        var (name, version, file) = (distribution.Name, distribution.Version, distribution.File);
        if (distribution.IsSource)
        {
            var wheel = (AbsolutePath)Directory.GetFiles(built[file.Sha256], "*.whl").Single();
            local.Add(wheel);
            return new DistributionFile(name, version, wheel.Name, HexOf(wheel),
                BuiltFrom: new SourceArchive(file.Name, file.Sha256, UrlOf(file)));
        }

        if (libraries is not null && File.Exists(libraries / file.Name))
        {
            var wheel = libraries / file.Name;
            if (HexOf(wheel) != file.Sha256)
                throw new ProblemException($"{wheel} has changed since the closure was resolved",
                    "Run the target BuildWheels again");
            local.Add(wheel);
            return new DistributionFile(name, version, file.Name, file.Sha256);
        }

        return new DistributionFile(name, version, file.Name, file.Sha256, UrlOf(file));
    }

    /// <summary>
    /// Where an index has it, without what some write behind it, its digest; what comes from a directory is nowhere
    /// else to be found.
    /// </summary>
    static string? UrlOf(IndexFile file) =>
        file.Url.StartsWith("http", StringComparison.Ordinal) ? file.Url.Split('#')[0] : null;

    static string HexOf(AbsolutePath file) => Digest.OfFile(file)["sha256:".Length..];
}
