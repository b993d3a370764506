using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>images/&lt;image&gt;/image.yaml</c>: what a service image has of its own.</summary>
[DescribedFile("The kind, shell, directories and setuid programs of an image, and which modules of it have byte code",
    Place = Place)]
public sealed class ImageFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "image.yaml";

    public const string Place = "images/<image>/" + Name;

    const string Kind = "kind";
    const string Shell = "shell";
    const string Directories = "directories";

    const string SetuidPrograms = "setuid-programs";
    const string ByteCode = "byte-code";

    /// <summary>The words for what makes an image.</summary>
    public static IReadOnlyDictionary<string, ImageKind> Kinds { get; } = new Dictionary<string, ImageKind>
    {
        ["python"] = ImageKind.Python,
        ["native"] = ImageKind.Native,
    };

    /// <summary>The words for which modules are compiled, as <c>compile-modules</c> knows them, too.</summary>
    public static IReadOnlyDictionary<string, CompiledModules> Compiled { get; } =
        new Dictionary<string, CompiledModules>
        {
            ["all"] = CompiledModules.All,
            ["service"] = CompiledModules.Service,
            ["none"] = CompiledModules.None,
        };

    public static YamlFields Shape { get; } = new(
        new(Kind, "What its source is: a distribution of Python, which is what it is where nothing is said, or not",
            YamlShape.OneOf(Kinds.Keys)),
        new(Shell, "The shell of the image's user; /usr/sbin/nologin where nothing is said",
            YamlShape.Text(Names.AbsolutePath)),
        new(Directories, "Directories besides those that every image has, which belong to the image's user",
            YamlShape.List(YamlShape.Text(Names.AbsolutePath))),
        new(SetuidPrograms, "Programs that may become another user's; any other that could is a failure",
            YamlShape.List(YamlShape.Text(Names.AbsolutePath))),
        new(ByteCode, "Which modules are compiled when the image is built", YamlShape.OneOf(Compiled.Keys)));

    public ImageData Parse(string text)
    {
        var data = ImageData.Default;
        foreach (var (key, value) in Entries(ReadRoot(text), string.Join(", ", Shape.Keys)))
        {
            switch (key.Value)
            {
                case Kind:
                    data = data with { Kind = OneOf(value, Kinds, "is no kind of image") };
                    break;
                case Shell:
                    data = data with { Shell = Text(value, Names.AbsolutePath) ?? data.Shell };
                    break;
                case Directories:
                    data = data with { Directories = Items(value, Names.AbsolutePath) };
                    break;
                case SetuidPrograms:
                    data = data with { SetuidPrograms = Items(value, Names.AbsolutePath) };
                    break;
                case ByteCode:
                    data = data with { ByteCode = OneOf(value, Compiled, "is not a choice of modules") };
                    break;
                default:
                    ReportUnknown(key, Shape.Keys);
                    break;
            }
        }

        return data;
    }
}
