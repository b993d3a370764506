using System.Text;
using OpenStack.Oci;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.Layers;

/// <summary>However layers are divided, a container finds the same.</summary>
public sealed class DividedLayerFuzzTests : IDisposable
{
    static readonly string[] s_names = ["a", "b", "c", "d"];

    readonly SmallImage _image = new();

    public void Dispose() => _image.Dispose();

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    public async Task WhatIsFoundIsTheSame(int below, int above)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            using var image = new SmallImage();
            var random = FuzzSeed.At((seed * 100) + (below * 10) + above);
            for (var i = 0; i < below + above; i++) image.Layer(RandomLayer(random, i));
            var built = image.Write();
            var divided = await DivideAsync(image, built, below, new RandomDivision(random));
            divided.Verify();
            Assert.Equal(Seen(built), Seen(divided));
        }
    }

    internal static async Task<OciLayout> DivideAsync(
        SmallImage image, OciLayout built, int below, ILayerDivision division, string name = "divided")
    {
        var manifest = built.ReadManifest();
        var tree = new Lazy<ImageTree>(() => ImageTree.Read(built,
            manifest with { Layers = [.. manifest.Layers.Take(below)] },
            new LayerReading(_ => false) { Attributes = true }));
        var exported = Copy(built, image.Directory / $"{name}.exported");
        await new ReproducibleImage([.. built.ReadConfig().DiffIds.Take(below)],
            DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), LayerPacking.Default)
        {
            Division = (division, tree),
        }.WriteAsync(exported, image.Directory / name);
        return OciLayout.Open(image.Directory / name);
    }

    /// <summary>Everything that a container would find, a line each; times are those of layers.</summary>
    internal static List<string> Seen(OciLayout image)
    {
        var nodes = ImageTree.Read(image, image.ReadManifest(), new LayerReading(_ => true) { Attributes = true })
            .Nodes().ToList();
        var first = nodes.GroupBy(x => x.Node).ToDictionary(x => x.Key, x => x.First().Path);
        return [.. nodes.Select(x =>
        {
            var attributes = x.Node.Entry?.Attributes ?? TarAttributes.Directory;
            return $"{x.Path} {x.Node.GetType().Name} {(x.Node as ImageLink)?.Target} "
                + $"{(x.Node is ImageFile file ? Encoding.UTF8.GetString(file.Content!) : "")} "
                + (x.Node is ImageLink ? "" : $"of {first[x.Node]} ")
                + $"{Convert.ToString(attributes.Mode, 8)} {attributes.User}:{attributes.Group} "
                + $"{attributes.Major},{attributes.Minor} "
                + string.Join(' ', attributes.Extended.Select(y => $"{y.Key}={Convert.ToHexString(y.Value)}"));
        })];
    }

    static OciLayout Copy(OciLayout layout, Nuke.Common.IO.AbsolutePath to)
    {
        foreach (var file in Directory.EnumerateFiles(layout.Directory, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(to, Path.GetRelativePath(layout.Directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }

        return OciLayout.Open(to);
    }

    /// <summary>
    /// A layer as steps leave it: a path is said once, and what of others is gone is of the layers below.
    /// </summary>
    static byte[] RandomLayer(Random random, int layer)
    {
        var stream = new MemoryStream();
        var tar = new TarOutput(stream);
        var files = new List<string>();
        void Fill(string prefix, int depth)
        {
            if (depth > 0 && layer > 0 && random.Next(6) == 0) WriteFile(prefix + ".wh..wh..opq", "", plain: true);
            foreach (var name in s_names)
            {
                var path = prefix + name;
                switch (random.Next(depth > 2 ? 7 : 10))
                {
                    case 0 or 1:
                        WriteFile(path, $"{layer} {path}", plain: false);
                        files.Add(path);
                        break;
                    case 2:
                        tar.Write(path, TarKind.SymbolicLink, random.Next(2) == 0 ? "/nowhere" : new string('x', 120),
                            0, Attributes('2'), random.Next());
                        break;
                    case 3 when files.Count > 0:
                        tar.Write(path, TarKind.HardLink, files[random.Next(files.Count)], 0, Attributes('1'), 0);
                        break;
                    case 4 when layer > 0:
                        WriteFile($"{prefix}.wh.{name}", "", plain: true);
                        break;
                    case 5:
                        tar.Write(path, TarKind.Other, "", 0, Attributes('3') with { Major = 1, Minor = 3 }, 5);
                        break;
                    case > 6:
                        tar.Write(path, TarKind.Directory, "", 0, Attributes('5'), random.Next());
                        Fill(path + "/", depth + 1);
                        break;
                }
            }
        }

        void WriteFile(string path, string text, bool plain)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            tar.Write(path, TarKind.File, "", bytes.Length, plain ? TarAttributes.Directory : Attributes('0'),
                random.Next());
            stream.Write(bytes);
            tar.Pad(bytes.Length);
        }

        TarAttributes Attributes(char type) => new(type, random.Next(2) == 0 ? 0x1A4 : 0xFED,
            random.Next(3) == 0 ? 42424 : 0, random.Next(9) == 0 ? 4_000_000 : 0, 0, 0, 0,
            random.Next(4) == 0 && type is '0' or '5' ? [new("SCHILY.xattr.user.x", [0, 0xff, 10, (byte)'='])] : []);

        Fill("", 0);
        tar.End();
        return stream.ToArray();
    }

    /// <summary>Puts every file somewhere.</summary>
    sealed class RandomDivision(Random random) : ILayerDivision
    {
        public LayerReading Reading => new(_ => false);

        public IReadOnlyList<LayerPart> Divide(ImageTree changes, ImageTree below)
        {
            var parts = Enumerable.Range(0, 4).Select(_ => new Dictionary<ImageNode, long>()).ToList();
            foreach (var node in changes.Nodes().Select(x => x.Node).Where(x => x is ImageFile or ImageLink).Distinct())
            {
                if (random.Next(5) is var place and < 4) parts[place][node] = random.Next();
            }

            return [.. parts.Select((x, i) => new LayerPart($"{i}", x))];
        }
    }
}
