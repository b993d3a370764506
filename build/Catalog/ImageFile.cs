using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>images/&lt;image&gt;/image.yaml</c>: what a service image has of its own.</summary>
[DescribedFile("The kind, shell, directories and setuid programs of an image, and which modules of it have byte code",
    Place = "images/<image>/" + Name)]
public sealed class ImageFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "image.yaml";

    const string Kind = "kind";
    const string Shell = "shell";
    const string Directories = "directories";

    const string SetuidPrograms = "setuid-programs";
    const string ByteCode = "byte-code";

    static readonly string[] s_keys = [Kind, Shell, Directories, SetuidPrograms, ByteCode];

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

    public ImageData Parse(string text)
    {
        var data = ImageData.Default;
        foreach (var (key, value) in Entries(ReadRoot(text), string.Join(", ", s_keys)))
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
                    ReportUnknown(key, s_keys);
                    break;
            }
        }

        return data;
    }
}
