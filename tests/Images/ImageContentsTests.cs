using System.Formats.Tar;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Images;
using OpenStack.Lab;
using OpenStack.Oci;

namespace OpenStack.Tests.Images;

public sealed class ImageContentsTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("contents-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task PythonCodenameAndDistributionsAreThoseOfTheLayers()
    {
        var contents = ImageContents.Of(await LayoutAsync(
            ("./usr/bin/python3.12", "elf"),
            ("usr/bin/python3", "not a version"),
            ("usr/share/python3.11", "elsewhere"),
            ("usr/lib/os-release", "NAME=\"Ubuntu\"\nVERSION_CODENAME=noble\n"),
            ("var/lib/openstack/lib/python3.12/site-packages/oslo_messaging-14.9.0+p1.dist-info/METADATA",
                "Name: oslo.messaging"),
            ("usr/lib/python3/dist-packages/rados-2.0.0.dist-info/METADATA", "not in the environment")));
        Assert.Equal(("3.12", "noble"), (contents.Python, contents.Codename));
        Assert.Equal([PythonName.Of("oslo.messaging")], contents.Distributions);
    }

    [Fact]
    public async Task NothingIsGuessed()
    {
        var contents = ImageContents.Of(await LayoutAsync(("etc/hostname", "x")));
        Assert.Equal((null, null, 0), (contents.Python, contents.Codename, contents.Distributions.Count));
    }

    [Fact]
    public async Task WhatIsRememberedIsOfTheSameImage()
    {
        Assert.Equal("3.12", ImageContents.Of(await LayoutAsync(("usr/bin/python3.12", "elf"))).Python);
        Directory.Delete(_directory / "image" / "blobs", recursive: true);
        Assert.Equal("3.12", ImageContents.Of(OciLayout.Open(_directory / "image")).Python);
        Directory.Delete(_directory / "image", recursive: true);
        Assert.Equal("3.13", ImageContents.Of(await LayoutAsync(("usr/bin/python3.13", "elf"))).Python);
        File.WriteAllText(_directory / "image.contents.json", "{");
        Assert.Equal("3.13", ImageContents.Of(OciLayout.Open(_directory / "image")).Python);
    }

    async Task<OciLayout> LayoutAsync(params (string Path, string Text)[] files)
    {
        var stream = new MemoryStream();
        await using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var (path, text) in files)
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
                });
        }

        stream.Position = 0;
        await OciLayoutWriter.WriteAsync(_directory / "image",
            new BaseImageConfig("amd64", DateTimeOffset.UnixEpoch, "test", "test"), stream);
        return OciLayout.Open(_directory / "image");
    }
}
