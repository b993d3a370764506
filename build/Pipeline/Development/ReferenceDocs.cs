using System.Reflection;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Start;
using OpenStack.Report;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.UpstreamTests;

namespace OpenStack.Pipeline.Development;

/// <summary>The reference in <c>docs/</c>, of what the code says of itself.</summary>
/// <param name="build">The build class.</param>
/// <param name="targets">All its targets, in the order in which it lists their components.</param>
sealed class ReferenceDocs(Type build, IReadOnlyCollection<ExecutableTarget> targets)
{
    /// <summary>The room that all others read.</summary>
    const string Shared = nameof(Selection);

    const string Notice = "<!-- Written by ./build.sh --generate-docs -->\n\n";

    /// <summary>The files, by name.</summary>
    public IReadOnlyDictionary<string, string> Files => new Dictionary<string, string>(
        FileSchemas.Files.Select(x => KeyValuePair.Create($"schemas/{x.Key}", x.Value)))
    {
        ["targets.md"] = Targets,
        ["parameters.md"] = Parameters,
        ["files.md"] = FilesOfUsers,
        ["fields.md"] = Fields,
    };

    static string Fields => Notice + "# Fields of the YAML files\n\nEditors that know the YAML language server check "
        + "and complete them by the JSON schema that each file names\nin its first line, of "
        + "[schemas/](schemas). `[]` is each of a list; what is bold has to be there.\n"
        + string.Concat(FileSchemas.Readers.Select(x => (x.File, Shape: FileSchemas.ShapeOf(x.Reader)))
            .Where(x => x.Shape is not null)
            .Select(x => $"\n## `{x.File.Place}`\n\n{Text(x.File.Description)}. It is a "
                + $"{Text(x.Shape!.Words)}.\n" + FieldsOf(x.Shape)));

    static string FieldsOf(YamlShape shape) => shape.Below.Any()
        ? "\n" + Table(["field", "what it is", "values"], shape.Below.Select(x => (string[])
            [PathOf(x.Path, x.Field), Text(x.Field.Description), Text(x.Field.Shape.Words)]))
        : "";

    static string PathOf(string path, YamlField field) =>
        field.IsRequired ? $"**`{path.TrimStart('.')}`**" : $"`{path.TrimStart('.')}`";

    string Targets => Notice + "# Targets\n\nIn the order of an image's life, each with what runs before it.\n"
        + string.Concat(targets.Where(x => x.Listed).GroupBy(x => RoomOf(x.Member.DeclaringType!)).Select(room =>
            $"\n## {room.Key}\n\n" + Table(["target", "what it does", "runs after", "its parameters"],
                room.Select(x => (string[])[x.Name, Text(x.Description ?? ""), NamesOf(x.ExecutionDependencies),
                    string.Join(", ",
                        KnownParameter.DeclaredBy(x.Member.DeclaringType!).Select(y => $"`{y.Option}`"))]))));

    string Parameters => Notice + "# Parameters\n\nEach may also be set by a variable `NUKE_<NAME>`, in "
        + "`.nuke/parameters.json`, or in that of a profile. What is of one target alone names it; the others\nare "
        + "shared.\n"
        + string.Concat(KnownParameter.ComponentsOf(build).Where(x => KnownParameter.DeclaredBy(x).Count > 0)
            .GroupBy(RoomOf).OrderBy(x => x.Key != Shared).Select(room => $"\n## {room.Key}\n\n"
                + Table(["parameter", "values", "what it is", "target"], room.SelectMany(
                    component => KnownParameter.DeclaredBy(component), (component, x) => (string[])
                        [$"`{x.Option}`", ValuesOf(x), Text(x.Description), NamesOf(TargetsOf(component))]))));

    static string FilesOfUsers
    {
        get
        {
            var repository = typeof(ReferenceDocs).Assembly.GetTypes()
                .Select(x => x.GetCustomAttribute<DescribedFileAttribute>()).OfType<DescribedFileAttribute>()
                .Select(x => (string[])[x.Place!, x.Description]);
            return Notice + "# Files\n\n## In the repository\n\n"
                + Table(["file", "what it says"], Sorted(repository))
                + "\n## What targets leave behind\n\nOf a library that is built from source, `<service>` is the "
                + "library.\n\n" + Table(["file", "what it is"], Sorted(Artifacts()));
        }
    }

    /// <summary>The names of files are those that the pipeline itself uses, of a component that nobody has.</summary>
    static IEnumerable<string[]> Artifacts()
    {
        AbsolutePath root = Path.GetFullPath("/");
        var release = new Release("<release>", new Dictionary<string, SourceRef>(),
            new Dictionary<string, ExtraPackages>(), new Dictionary<string, EntryPoints>(), root, null, null);
        var workspace = new Workspace(root / "artifacts", "<service>", release);
        const string platform = "<os>/<arch>";
        var image = new PythonImage("", "", "", "", "", default, "", root, "", root)
        {
            Directory = workspace.PlatformDirectory(platform),
            PipExtras = [],
            PipPackages = [],
            AptPackages = [],
        };
        var tests = new PythonTest("", image, "", root, "", root, new PatchSeries("", "", []), new TestSettings(),
            ITestSource.DirectoryOf(workspace, platform, "<component>"));
        var set = SetDirectory.Of(root / "artifacts", release.Name);
        object[] places = [new OutcomeFile(root / "artifacts"), workspace, BuiltImage.Of(workspace), image, tests, set,
            new ReportDirectory(root / "artifacts")];
        return places.SelectMany(x => x.GetType().GetMembers()
            .Select(member => (Member: member, Attribute: member.GetCustomAttribute<DescribedFileAttribute>()))
            .Where(y => y.Attribute is not null)
            .Select(y => (string[])[Path.GetRelativePath(root, PlaceOf(x, y.Member, platform)),
                y.Attribute!.Description]));
    }

    static AbsolutePath PlaceOf(object owner, MemberInfo member, string platform) => (AbsolutePath)(member switch
    {
        PropertyInfo x => x.GetValue(owner)!,
        MethodInfo x => x.Invoke(owner, [platform])!,
        _ => throw new InvalidOperationException($"{member} is neither a property nor a method"),
    });

    static IEnumerable<string[]> Sorted(IEnumerable<string[]> rows) =>
        rows.OrderBy(x => x[0], StringComparer.Ordinal).Select(x => (string[])[$"`{x[0]}`", Text(x[1])]);

    static string Table(IEnumerable<string> headings, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Concat(rows.Prepend([.. headings.Select(_ => "---")]).Prepend([.. headings])
            .Select(x => $"| {string.Join(" | ", x)} |\n"));

    /// <summary>As it is, but for code between backticks.</summary>
    static string Text(string text) =>
        string.Join('`', text.Split('`').Select((x, i) => i % 2 == 0 ? TextTable.Escape(x) : x));

    static string ValuesOf(KnownParameter parameter) => parameter.Shape switch
    {
        ParameterShape.Switch => "",
        _ when parameter.Values is { } values => string.Join(", ", values()),
        ParameterShape.List => "one or more",
        _ => "one",
    };

    IEnumerable<ExecutableTarget> TargetsOf(Type component) => targets.Where(x => x.Member.DeclaringType == component);

    static string NamesOf(IEnumerable<ExecutableTarget> some) => string.Join(", ", some.Select(x => x.Name));

    /// <summary>The last part of its namespace, as words.</summary>
    static string RoomOf(Type component) => string.Concat(component.Namespace!.Split('.')[^1]
        .Select((x, i) => i > 0 && char.IsUpper(x) ? $" {char.ToLowerInvariant(x)}" : $"{x}"));
}
