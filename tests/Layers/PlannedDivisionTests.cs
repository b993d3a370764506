using System.Text;
using OpenStack.Catalog;
using OpenStack.Layers;
using OpenStack.Oci;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.Layers;

/// <summary>Files are in the layer of the package that they belong to.</summary>
public sealed class PlannedDivisionTests : IDisposable
{
    const string Site = "var/lib/openstack/lib/python3.13/site-packages/";
    const string Info = "var/lib/dpkg/info/";

    readonly SmallImage _image = new();

    public void Dispose() => _image.Dispose();

    [Fact]
    public async Task EachPackageIsInItsLayer()
    {
        var divided = await DivideAsync(
            [
                ("usr/lib/libone.so", "one"),
                ("usr/share/one.conf", "changed since"),
                ("usr/bin/tool.one", "diverted"),
                ("usr/bin/tool", "tool of two"),
                ("usr/lib/libone.so.1", "->libone.so"),
                ("usr/lib/python3/dist-packages/one.py", "pass"),
                ("usr/lib/python3/dist-packages/__pycache__/one.cpython-313.pyc", "code"),
                ("etc/two.conf", "two"),
                ("usr/lib/shared", "both"),
                ("usr/lib/shared-too", "=>usr/lib/shared"),
                ("etc/ld.so.cache", "cache"),
                (Info + "one:amd64.list", "/.\n/lib\n/lib/libone.so\n/lib/libone.so.1\n/usr/share/one.conf\n"
                    + "/usr/bin/tool\n/usr/lib/python3/dist-packages/one.py\n/usr/lib/shared\n"),
                (Info + "one:amd64.md5sums", $"{Md5Of("one")}  lib/libone.so\n{Md5Of("one conf")}  usr/share/one.conf\n"
                    + $"{Md5Of("diverted")}  usr/bin/tool\n{Md5Of("both")}  usr/lib/shared\n"
                    + $"{Md5Of("pass")}  usr/lib/python3/dist-packages/one.py\n"),
                (Info + "one:amd64.postinst", "exit"),
                (Info + "two.list", "/etc/two.conf\n/usr/bin/tool\n/usr/lib/shared-too\n"),
                (Info + "two.md5sums", $"{Md5Of("tool of two")}  usr/bin/tool\n{Md5Of("both")}  usr/lib/shared-too\n"),
                ("var/lib/dpkg/diversions", "/usr/bin/tool\n/usr/bin/tool.one\ntwo\n"),
                ("var/lib/dpkg/status", $"Package: one\nStatus: install ok installed\n\nPackage: two\nConffiles:\n "
                    + $"/etc/two.conf {Md5Of("two")}\nDescription: x\n"),
            ],
            [
                (Site + "alembic/__init__.py", "alembic"),
                (Site + "alembic-1.0.dist-info/RECORD", "alembic/__init__.py,sha256=x,7\n\"../../../bin/alembic\",,\n"
                    + "alembic-1.0.dist-info/RECORD,,\n"),
                ("var/lib/openstack/bin/alembic", "script"),
                (Site + "nova/__init__.py", "nova"),
                (Site + "nova-1.0.dist-info/RECORD", "nova/__init__.py,,\nnova-1.0.dist-info/RECORD,,\n"),
                (Site + "other-1.0.dist-info/RECORD", "other-1.0.dist-info/RECORD,,\n"),
                ("var/lib/openstack/static/x.css", "css"),
                ("etc/nova/x", "->/var/lib/openstack/x"),
                ("etc/.wh.gone", ""),
            ]);
        string[][] expected =
        [
            // Of both images: the packages that the plan names.
            [
                "usr/bin/tool.one", "usr/lib/libone.so", "usr/lib/libone.so.1",
                "usr/lib/python3/dist-packages/__pycache__/one.cpython-313.pyc",
                "usr/lib/python3/dist-packages/one.py", Info + "one:amd64.list", Info + "one:amd64.md5sums",
                Info + "one:amd64.postinst", "var/lib/openstack/bin/alembic", Site + "alembic-1.0.dist-info/RECORD",
                Site + "alembic/__init__.py",
            ],
            // Of this one alone.
            [
                "etc/two.conf", "usr/bin/tool", Info + "two.list", Info + "two.md5sums",
                Site + "other-1.0.dist-info/RECORD",
            ],
            // The service.
            [
                Site + "nova-1.0.dist-info/RECORD", Site + "nova/__init__.py", "var/lib/openstack/static/x.css",
            ],
            // Of nobody: what was changed, what two packages have, what is written by scripts, what is gone.
            [
                "etc/.wh.gone", "etc/ld.so.cache", "etc/nova/x", "usr/lib/shared", "usr/lib/shared-too",
                "usr/share/one.conf", "var/lib/dpkg/diversions", "var/lib/dpkg/status",
            ],
        ];
        Assert.Equal(expected, PathsOf(divided).Skip(1).Select(x =>
            x.Where(y => !y.EndsWith('/')).Order(StringComparer.Ordinal).ToArray()));
    }

    [Fact]
    public async Task TheSamePackagesAreTheSameLayerInEveryImage()
    {
        (string, string)[] alembic = [(Site + "alembic.py", "code"),
            (Site + "alembic-1.0.dist-info/RECORD", "alembic.py,,\nalembic-1.0.dist-info/RECORD,,\n")];
        var (nova, cinder) = (await DivideAsync(alembic, [(Site + "nova.py", "nova"), ("etc/nova", "x")], "one"),
            await DivideAsync([("etc/passwd", "x")], [.. alembic, (Site + "cinder.py", "cinder")], "two"));
        Assert.Equal(nova.ReadManifest().Layers[1], cinder.ReadManifest().Layers[1]);
        Assert.NotEqual(nova.ReadManifest().Layers[2], cinder.ReadManifest().Layers[2]);
        Assert.All(new[] { nova, cinder }, x => x.Verify());
    }

    async Task<OciLayout> DivideAsync(IReadOnlyList<(string, string)> first, IReadOnlyList<(string, string)> second,
        string name = "divided")
    {
        using var image = new SmallImage();
        image.Layer(("usr/", ""), ("usr/lib/", ""), ("lib", "->usr/lib"), ("etc/", ""), ("etc/gone", "x"))
            .Layer(first).Layer(second);
        var plan = new PlannedLayer(["cinder", "nova"], ["one"], ["alembic"]);
        var divided = await DividedLayerFuzzTests.DivideAsync(image, image.Write(), 1,
            new PlannedDivision([plan], "Nova", DateTimeOffset.UnixEpoch), name);
        Directory.Move(divided.Directory, _image.Directory / name);
        return OciLayout.Open(_image.Directory / name);
    }

    static IEnumerable<IEnumerable<string>> PathsOf(OciLayout image) => image.ReadManifest().Layers.Select(x =>
        LayerEntries.Read(image, x, new LayerReading(_ => false)).Select(y => y.Path));

    static string Md5Of(string text)
    {
        var sum = new Md5();
        sum.Read(Encoding.UTF8.GetBytes(text));
        return sum.Digest;
    }
}
