using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Tests.Oci;

/// <summary>GNU tar reads what is written.</summary>
public sealed class TarOutputTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task EverythingArrives()
    {
        var (longName, longLink) = (string.Join('/', Enumerable.Repeat(new string('n', 60), 3)), new string('l', 150));
        var file = new TarAttributes('0', 0x9ED, 4_000_000, 42424, 0, 0, 0, []);
        var entry = new DateTimeOffset(2020, 9, 13, 12, 26, 40, TimeSpan.Zero).ToUnixTimeSeconds();
        await using (var output = File.Create(_directory / "a.tar"))
        {
            var tar = new TarOutput(output);
            tar.Write("dir", TarKind.Directory, "", 0, TarAttributes.Directory with { Mode = 0x3FF }, entry);
            tar.Write(longName, TarKind.File, "", 5, file, entry);
            output.Write("hello"u8);
            tar.Pad(5);
            tar.Write("dir/hard", TarKind.HardLink, longName, 0, file, entry);
            tar.Write("dir/soft", TarKind.SymbolicLink, longLink, 0, file, entry);
            tar.Write("dir/ümlaut", TarKind.Other, "", 0, file with { Type = '3', Major = 1, Minor = 9 }, -5);
            tar.End();
        }

        var list = await new Command("tar", "--numeric-owner", "--full-time", "--utc", "--quoting-style=literal",
            "-tvf", _directory / "a.tar").RequireAsync();
        Assert.Equal(
        [
            "drwxrwxrwt 0/0 0 2020-09-13 12:26:40 dir/",
            $"-rwsr-xr-x 4000000/42424 5 2020-09-13 12:26:40 {longName}",
            $"hrwsr-xr-x 4000000/42424 0 2020-09-13 12:26:40 dir/hard link to {longName}",
            $"lrwsr-xr-x 4000000/42424 0 2020-09-13 12:26:40 dir/soft -> {longLink}",
            "crwsr-xr-x 4000000/42424 1,9 1969-12-31 23:59:55 dir/ümlaut",
        ], list.Output.TrimEnd().Split('\n').Select(x => string.Join(' ',
            x.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void WhatIsReadAndWrittenAgainIsTheSame()
    {
        var attributes = new TarAttributes('0', 0x1A4, 4_000_000, 1, 0, 0, 7,
            [new("SCHILY.xattr.security.capability", [1, 0, 0, 2, 0, 0x20, 10, 0x3d]), new("SCHILY.xattr.user.x", [])]);
        var first = Written(attributes);
        var tar = new TarStream(new MemoryStream(first), attributes: true);
        var item = tar.Next()!.Value;
        Assert.Equal("name", item.Path);
        Assert.True(attributes.IsSame(tar.Attributes!));
        Assert.False(attributes.IsSame(tar.Attributes! with { Mode = 0 }));
        Assert.False(attributes.IsSame(tar.Attributes! with { Extended = [.. attributes.Extended.Take(1)] }));
        Assert.Equal(first, Written(tar.Attributes!));
        Assert.Equal("content"u8.ToArray(), first.AsSpan((int)tar.Offset, 7).ToArray());
    }

    static byte[] Written(TarAttributes attributes)
    {
        var output = new MemoryStream();
        var tar = new TarOutput(output);
        tar.Write("name", TarKind.File, "", 7, attributes, attributes.Time);
        output.Write("content"u8);
        tar.Pad(7);
        tar.End();
        return output.ToArray();
    }
}
