using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Packages;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>A binary package (deb(5)) and what its control file says.</summary>
/// <param name="Architecture">Debian's name of it; <c>all</c> for one without machine code.</param>
/// <param name="Depends">Names of all packages in <c>Depends</c>, alternatives included, without versions.</param>
/// <param name="Provides">Names in <c>Provides</c>.</param>
sealed partial record DebPackage(
    AbsolutePath File, string Name, string Source, string Version, string Architecture, IReadOnlySet<string> Depends,
    IReadOnlySet<string> Provides)
{
    /// <summary>The architecture of what has no machine code.</summary>
    public const string AnyMachine = "all";

    /// <summary>
    /// The version without Debian's epoch, revision and repacking suffixes: <c>2.0.28</c> of <c>1:2.0.28+ds1-9</c>.
    /// </summary>
    public string UpstreamVersion => LeadingRelease().Match(Version[(Version.IndexOf(':') + 1)..]).Value;

    public static async Task<DebPackage> ReadAsync(AbsolutePath file, CancellationToken cancellation = default)
    {
        var output = await new Command("dpkg-deb", "--field", file, "Package", "Source", "Version", "Architecture",
            "Depends", "Provides").RequireAsync(cancellation);
        var fields = ControlFields.Parse(output.Output);
        return new DebPackage(
            file, fields["Package"], fields.GetValueOrDefault("Source", fields["Package"]).Split(' ')[0],
            fields["Version"], fields["Architecture"],
            Names(fields.GetValueOrDefault("Depends", "")), Names(fields.GetValueOrDefault("Provides", "")));
    }

    static HashSet<string> Names(string relations) =>
        [.. RelationName().Matches(relations).Select(x => x.Groups[1].Value)];

    [GeneratedRegex(@"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]+)")]
    private static partial Regex RelationName();

    [GeneratedRegex(@"^\d+(\.\d+)*")]
    private static partial Regex LeadingRelease();
}
