using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Indexes;
using OpenStack.Locks;

namespace OpenStack.Tests.Indexes;

/// <summary>What a resolver may choose among is there before it is asked.</summary>
public sealed class DistributionSearchTests : IDisposable
{
    readonly AbsolutePath _scratch = Directory.CreateTempSubdirectory("search-").FullName;
    readonly HttpClient _client = new();

    public DistributionSearchTests()
    {
        Wheel("app-2.0-py3-none-any.whl", "lib>=1", "extra-only; extra == 'more'", "old; python_version < '3'",
            "by-extra[more]");
        Wheel("app-3.0-py3-none-any.whl");
        Wheel("lib-1.0-py3-none-any.whl");
        Wheel("lib-1.5-cp312-cp312-manylinux_2_17_x86_64.whl", "deep");
        Wheel("lib-1.5-cp312-cp312-musllinux_1_2_x86_64.whl");
        Wheel("lib-1.5-cp313-cp313-manylinux_2_17_x86_64.whl");
        Wheel("lib-2.0rc1-py3-none-any.whl");
        Wheel("deep-1-py3-none-any.whl");
        Wheel("by_extra-1-py3-none-any.whl", "of-extra ; extra == 'more'", "never ; extra == 'other'");
        Wheel("of_extra-1-py3-none-any.whl");
        Wheel("setuptools-70-py3-none-any.whl");
        Wheel("setuptools-80-py3-none-any.whl");
        Wheel("pbr-6-py3-none-any.whl", "setuptools");
        Wheel("cffi-1-py3-none-any.whl");
        Sdist("native-1.0", ("setup.py", "from setuptools import setup\nsetup(setup_requires=['cffi>=1', 'pbr'])\n"),
            ("native.egg-info/requires.txt", "deep\n"), ("PKG-INFO", "Metadata-Version: 1.2\nName: native\n"));
    }

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AllThatIsWantedInTurnIsFoundInTheVersionsThatConstraintsHold(bool isHtml)
    {
        using var index = new TestIndex([_scratch / "files"], isHtml: isHtml);
        Assert.Equal(
            ["app-2.0-py3-none-any.whl", "by_extra-1-py3-none-any.whl", "deep-1-py3-none-any.whl",
            "lib-1.5-cp312-cp312-manylinux_2_17_x86_64.whl", "of_extra-1-py3-none-any.whl"],
            await FindAsync([index], ["app"], constraints: ["app===2.0", "unknown===1"]));
    }

    [Fact]
    public async Task OfASourceDistributionThereIsWhatItIsBuiltWith()
    {
        using var index = new TestIndex([_scratch / "files"]);
        Assert.Equal(
            ["cffi-1-py3-none-any.whl", "deep-1-py3-none-any.whl", "native-1.0.tar.gz", "pbr-6-py3-none-any.whl",
            "setuptools-70-py3-none-any.whl"],
            await FindAsync([index], ["native"], build: ["setuptools<75"]));
    }

    /// <summary>A public index may have a newer one of that name, from anybody.</summary>
    [Fact]
    public async Task WhatTheFirstIndexHasIsTakenFromNowhereElse()
    {
        var own = _scratch / "own";
        Directory.CreateDirectory(own);
        File.Copy(_scratch / "files" / "deep-1-py3-none-any.whl", own / "deep-0.1-py3-none-any.whl");
        using var first = new TestIndex([own]);
        using var second = new TestIndex([_scratch / "files"]);
        Assert.Contains("deep-0.1-py3-none-any.whl", await FindAsync([first, second], ["lib"]));
        Assert.DoesNotContain("/simple/deep/", second.Asked);
    }

    [Fact]
    public async Task AllThatIsMissingIsToldAtOnce()
    {
        using var index = new TestIndex([_scratch / "files"]);
        var problems = (await Assert.ThrowsAsync<ProblemException>(() =>
            FindAsync([index], ["nowhere", "lib", "app"], constraints: ["lib===9"]))).Problems;
        Assert.Equal(["no index has a distribution 'nowhere'", $"ours ({index.Url}) has lib in 2.0rc1, 1.5, 1.0"],
            problems.Select(x => x.Found));
        Assert.All(problems, x => Assert.Contains("--index", x.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhoIsNotLetInIsToldHow()
    {
        using var index = new TestIndex([_scratch / "files"], account: ("build", "right"));
        foreach (var (variables, remedy) in ((string, string)[])
        [
            ("", "UV_INDEX_OURS_USERNAME"), ("UV_INDEX_OURS_USERNAME=build UV_INDEX_OURS_PASSWORD=wrong", "'build'"),
        ])
        {
            var problem = (await Assert.ThrowsAsync<ProblemException>(() =>
                FindAsync([index], ["lib"], variables: variables))).Problems.Single();
            Assert.Contains("answers 401", problem.Found, StringComparison.Ordinal);
            Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong", problem.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(["deep-1-py3-none-any.whl"], await FindAsync([index], ["deep"],
            variables: "UV_INDEX_OURS_USERNAME=build UV_INDEX_OURS_PASSWORD=right"));
    }

    /// <summary>Files, downloaded and laid out.</summary>
    async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<TestIndex> indexes, string[] wanted,
        string[]? constraints = null, string[]? build = null, string variables = "")
    {
        var values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Split('='))
            .ToDictionary(x => x[0], x => x[1]);
        var list = new IndexList([.. indexes.Select(x => new SimpleIndex(_client, PackageIndex.Parse($"ours={x.Url}",
            values.GetValueOrDefault, mayHoldCredentials: false, "--index")))]);
        var wheelhouse = new IndexWheelhouse(new InputStore(_scratch / "store"), _scratch / "wheelhouse");
        var found = await new DistributionSearch(list, new ImagePython("3.12.3", ["linux/amd64"]),
            MarkerEnvironment.Linux("3.12.3"), x => wheelhouse.FetchAsync(x, list, new Watch()), _scratch / "unpacked")
            .RunAsync(new WantedDistributions(Requirements(wanted), [])
            {
                Constraints = Requirements(constraints ?? []),
                BuildConstraints = Requirements(build ?? []),
            });
        await wheelhouse.MakeAsync(found, list, new Watch());
        Assert.Equal(found.Select(x => x.File.Name).Order(StringComparer.Ordinal),
            wheelhouse.Origins().Values.Where(x => x.IsThere).Select(x => x.File).Order(StringComparer.Ordinal));
        return [.. Directory.GetFiles(_scratch / "wheelhouse").Select(x => Path.GetFileName(x))
            .Order(StringComparer.Ordinal)];
    }

    static IReadOnlyList<Requirement> Requirements(string[] texts) =>
        [.. texts.Select(x => Requirement.TryParse(x, out _)!)];

    void Wheel(string file, params string[] requires)
    {
        Directory.CreateDirectory(_scratch / "files");
        using var archive = ZipFile.Open(_scratch / "files" / file, ZipArchiveMode.Create);
        // What it vendors is not what it wants.
        using (var vendored = new StreamWriter(archive.CreateEntry("lib/_vendor/v-1.dist-info/METADATA").Open()))
            vendored.Write("Metadata-Version: 2.1\nName: v\nRequires-Dist: of-what-is-vendored\n");
        using var writer = new StreamWriter(archive.CreateEntry(
            $"{string.Join('-', file.Split('-').Take(2))}.dist-info/METADATA").Open());
        // No two files are the same.
        writer.Write($"Metadata-Version: 2.1\nName: {file}\n"
            + string.Concat(requires.Select(x => $"Requires-Dist: {x}\n")));
    }

    void Sdist(string name, params (string Path, string Text)[] files)
    {
        using var stream = new GZipStream(File.Create(_scratch / "files" / $"{name}.tar.gz"), CompressionLevel.Fastest);
        using var tar = new TarWriter(stream, TarEntryFormat.Pax);
        foreach (var (path, text) in files)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{name}/{path}")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            });
    }
}
