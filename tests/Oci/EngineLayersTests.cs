using System.Formats.Tar;
using OpenStack.Lab;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.Oci;

/// <summary>Layers with paths through links, as they are here and as the laboratory's engine, with containerd, unpacks
/// them.</summary>
[Trait("Group", "Lab")]
public sealed class EngineLayersTests : IDisposable
{
    static readonly LabLayout s_lab = new(RepositoryRoot.Path / ".nuke" / "temp" / "lab");

    readonly SmallImage _image = new();
    readonly string _name = $"localhost/layers-test:{Guid.NewGuid():N}";

    public void Dispose() => _image.Dispose();

    [Theory]
    [InlineData("usr/|usr/lib/|usr/lib/x=X|lib->usr/lib", "lib/y=Y")]
    [InlineData("usr/|usr/lib/|usr/lib/x=X|lib->usr/lib", "lib/|lib/y=Y")]
    [InlineData("usr/|usr/lib/|usr/lib/x=X|lib->usr/lib|lib/y=Y|z=>lib/x")]
    [InlineData("usr/|usr/lib/|usr/lib/x=X|lib->usr/lib", "lib->usr/lib|lib/y=Y")]
    [InlineData("usr/|usr/lib/|usr/lib/x=X|lib->usr/lib", "lib/.wh.x=|other=O")]
    [InlineData("usr/|usr/lib/|usr/lib/x=X|lib->usr/lib", "lib/.wh..wh..opq=|lib/y=Y")]
    [InlineData("usr/|usr/lib/|usr/lib/x=X", "usr/lib/.wh..wh..opq=|usr/lib/y=Y")]
    [InlineData("usr/lib/x=X|lib->../../usr/lib|lib/y=Y|a->nowhere/deep|a/y=Y|b->/usr|b/lib/w=W")]
    [InlineData("a/x=X|a/sub/z=Z", "a->usr|a/y=Y")]
    [InlineData("usr/|usr/lib/|usr/lib/x=X|lib->usr/lib", "lib=file")]
    [InlineData("a/x=X", "a=file", "a/|a/y=Y")]
    public async Task TheFilesAreThoseOfAContainer(params string[] layers)
    {
        foreach (var layer in layers) _image.Layer(Parse(layer));
        var layout = _image.Write();
        var engine = new OpenStack.Images.Engine(s_lab.DockerWrapper);
        await engine.LoadAsync(layout, [_name]);
        try
        {
            var container = (await new Command(s_lab.DockerWrapper, "create", _name, "/x").RequireAsync())
                .Output.Trim();
            await new Command(s_lab.DockerWrapper, "export", "--output", _image.Directory / "export.tar", container)
                .RequireAsync();
            await new Command(s_lab.DockerWrapper, "rm", container).RequireAsync();
        }
        finally
        {
            await new Command(s_lab.DockerWrapper, "rmi", _name).RunAsync();
        }

        var tree = ImageTree.Read(layout, layout.ReadManifest(), _ => true);
        Assert.Equal(Exported(_image.Directory / "export.tar"), tree.Files()
            .Select(x => $"{x.Path}={System.Text.Encoding.UTF8.GetString(x.File.Content!)}")
            .Order(StringComparer.Ordinal));
    }

    /// <summary><c>path=content</c>, <c>path-&gt;target</c>, <c>path=&gt;file</c> or <c>directory/</c>, separated by
    /// bars.</summary>
    internal static IReadOnlyList<(string Path, string Text)> Parse(string layer) => [.. layer.Split('|').Select(x =>
        x.Contains("->", StringComparison.Ordinal) ? (x.Split("->")[0], "->" + x.Split("->")[1])
        : x.Contains("=>", StringComparison.Ordinal) ? (x.Split("=>")[0], "=>" + x.Split("=>")[1])
        : x.Split('=') is [var path, var text] ? (path, text) : (x, ""))];

    /// <summary>Without what an engine puts into every container.</summary>
    static List<string> Exported(string file)
    {
        var (found, contents) = (new List<string>(), new Dictionary<string, string>());
        using var tar = new TarReader(File.OpenRead(file));
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                contents[entry.Name] = entry.DataStream is null ? "" : new StreamReader(entry.DataStream).ReadToEnd();
            else if (entry.EntryType == TarEntryType.HardLink) contents[entry.Name] = contents[entry.LinkName];
            else continue;
            if (entry.Name.Split('/')[0] is not ("etc" or "dev" or ".dockerenv"))
                found.Add($"{entry.Name}={contents[entry.Name]}");
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
