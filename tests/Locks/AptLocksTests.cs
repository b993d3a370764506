using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Lab;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Locks;

/// <summary>
/// What apt of the base image makes of an archive: one of this process, with a Release file that is good, or is not.
/// What apt does not believe is in no lock.
/// </summary>
[Trait("Group", "Lab")]
public sealed class AptLocksTests : IDisposable
{
    const string Date = "ddd, dd MMM yyyy HH:mm:ss 'UTC'";

    static readonly string s_packages = $"""
        Package: hello
        Version: 1:1.0-1
        Architecture: all
        Maintainer: Nobody <nobody@example.org>
        Description: says so
        Filename: pool/hello_1.0-1_all.deb
        Size: 1234
        SHA256: {SmallLock.Hex('a')}

        """;

    static readonly AbsolutePath s_lab = RepositoryRoot.Path / ".nuke" / "temp" / "lab";

    readonly TemporaryDirectory _directory = new();
    readonly LoopbackServer _server;
    readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    readonly RunKey _key = NewKey();

    static RunKey NewKey() => RunKey.Create(DateTimeOffset.UtcNow.AddDays(-1));

    public AptLocksTests() => _server = new LoopbackServer(async context =>
    {
        // What is not there is so to apt, too; one who is busy is asked again, and then given up.
        if (_files.TryGetValue(context.Request.Path.Value!, out var content))
            await context.Response.Body.WriteAsync(content);
        else context.Response.StatusCode = 404;
    });

    public void Dispose()
    {
        _server.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task WhatItBelievesIsLocked()
    {
        Publish(DateTime.UtcNow.AddHours(-1), DateTime.UtcNow.AddDays(1));
        var locked = (await ResolveAsync())["keystone"];
        Assert.Equal($"deb hello 1:1.0-1 all sha256:{SmallLock.Hex('a')} 1234 {_server.Url}pool/hello_1.0-1_all.deb",
            locked.OfType<LockedFile>().Single().Line);
        var suite = locked.OfType<LockedSuite>().Single();
        Assert.Equal(("stable", _server.Url.ToString(), Digest.OfBytes(_files["/dists/stable/Release"])),
            (suite.Name, suite.Archive, suite.Content));
    }

    [Theory]
    [InlineData("expired", "is expired")]
    [InlineData("of tomorrow", "is not valid yet")]
    [InlineData("of another suite", "does not have a Release file")]
    [InlineData("other bytes", "is not signed")]
    [InlineData("another key", "is not signed")]
    [InlineData("other packages", "Hash Sum mismatch")]
    [InlineData("gone", "does not have a Release file")]
    public async Task WhatItDoesNotBelieveIsNamed(string what, string says)
    {
        var (now, key) = (DateTime.UtcNow, what == "another key" ? NewKey() : _key);
        switch (what)
        {
            case "expired": Publish(now.AddDays(-9), now.AddDays(-2), key); break;
            case "of tomorrow": Publish(now.AddDays(1), now.AddDays(8), key); break;
            default: Publish(now.AddHours(-1), now.AddDays(1), key); break;
        }

        if (what == "other bytes") _files["/dists/stable/Release"][30] ^= 1;
        if (what == "other packages") _files[PackagesPath][10] ^= 1;
        if (what == "gone") _files.Clear();
        if (what == "of another suite") Move("/dists/stable/", "/dists/testing/");
        var problem = await Assert.ThrowsAsync<ProblemException>(ResolveAsync);
        Assert.Contains("BuildKit failed in", problem.Message, StringComparison.Ordinal);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    static string PackagesPath => $"/dists/stable/main/binary-{PlatformName.Native.Split('/')[1]}/Packages";

    void Move(string from, string to)
    {
        foreach (var name in _files.Keys.Where(x => x.StartsWith(from, StringComparison.Ordinal)).ToList())
            if (_files.Remove(name, out var content)) _files[to + name[from.Length..]] = content;
    }

    void Publish(DateTime date, DateTime until, RunKey? key = null)
    {
        var packages = Encoding.UTF8.GetBytes(s_packages);
        string Shown(DateTime x) => x.ToString(Date, CultureInfo.InvariantCulture);
        var release = Encoding.UTF8.GetBytes($"""
            Origin: Test
            Suite: stable
            Codename: stable
            Architectures: {PlatformName.Native.Split('/')[1]}
            Components: main
            Date: {Shown(date)}
            Valid-Until: {Shown(until)}
            SHA256:
             {Digest.OfBytes(packages)["sha256:".Length..]} {packages.Length} {PackagesPath["/dists/stable/".Length..]}

            """);
        _files[PackagesPath] = packages;
        _files["/dists/stable/Release"] = release;
        _files["/dists/stable/Release.gpg"] = (key ?? _key).Sign(release);
    }

    /// <summary>The laboratory's base image, whose apt knows the one archive alone.</summary>
    async Task<IReadOnlyDictionary<string, IReadOnlyList<LockedInput>>> ResolveAsync()
    {
        var context = _directory / "context";
        Directory.CreateDirectory(context);
        File.WriteAllBytes(context / "key.gpg", _key.PublicKey());
        File.WriteAllText(context / "sources.list", $"deb [signed-by=/etc/apt/test.gpg] {_server.Url} stable main\n");
        File.WriteAllText(context / "Dockerfile", """
            FROM base
            # Of a machine whose archive stands still.
            RUN rm -rf /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/99*
            COPY sources.list /etc/apt/sources.list
            COPY key.gpg /etc/apt/test.gpg

            """);
        var buildx = new Buildx(new LabLayout(s_lab).DockerWrapper, new Watch());
        await buildx.BakeAsync(new Dictionary<string, BakeTarget>
        {
            ["image"] = new()
            {
                Context = context,
                Contexts = new Dictionary<string, string>
                {
                    ["base"] = ImageReference.OfDirectory(s_lab / "base-image", PlatformName.Native).Context,
                },
                Args = new Dictionary<string, string>(),
                Network = "host",
                Output = [BakeFile.LayoutOutput(_directory / "image")],
            },
        }, _directory / "bake.json", _directory / "build.log", noCache: false);
        var settings = new ImageSettings(RepositoryRoot.Path / "images", PlatformName.Native, "r/n")
        {
            Network = "host",
        };
        return await new AptLocks(settings, [], _directory / "apt").ResolveAsync(
            new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>
            {
                [OciLayout.Open(_directory / "image").Context] = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["keystone"] = ["hello"],
                },
            }, buildx);
    }
}
