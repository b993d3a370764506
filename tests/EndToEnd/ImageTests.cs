using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Tests.EndToEnd;

/// <summary>A laboratory and a copy of the repository in which the images have been built once, undisturbed.</summary>
public sealed class BuiltImages : IAsyncLifetime
{
    internal const string Command = "BuildService --service keystone --release 2025.1 --profile lab --no-logo";

    internal RepositoryCopy Repository { get; } = new();

    /// <summary>What every run of the same inputs must come to.</summary>
    internal string Expected { get; private set; } = "";

    internal AbsolutePath Docker => RepositoryRoot.Path / ".nuke/temp/lab/bin/docker";

    public async Task InitializeAsync()
    {
        Repository.WithLab();
        (await Repository.RunAsync(Command)).ShouldSucceed();
        Expected = Result();
    }

    public Task DisposeAsync()
    {
        Repository.Dispose();
        return Task.CompletedTask;
    }

    internal string Result() =>
        OciLayout.Open(Repository.Service / "image").Digest + File.ReadAllText(Repository.Service / "inputs.json");
}

/// <summary>Bad days of an image build, on a real engine.</summary>
[Trait("Group", "Lab")]
public sealed class ImageTests(BuiltImages built) : IClassFixture<BuiltImages>
{
    const string Command = BuiltImages.Command;

    readonly RepositoryCopy _repository = built.Repository;

    [Fact]
    public async Task KilledAtAnyMomentAndRunAgainTheResultIsTheSame()
    {
        _repository.Forget();
        foreach (var seconds in (double[])[1.5, 5, 11, 18, 4, 7])
            await _repository.KillAsync(Command, TimeSpan.FromSeconds(seconds));
        await ExpectTheSameAsync(await _repository.RunAsync(Command));
    }

    [Fact]
    public async Task TwoAtOnceGiveOneResult()
    {
        _repository.Forget();
        var runs = await Task.WhenAll(_repository.RunAsync(Command),
            _repository.RunAsync(Command.Replace("BuildService", "BuildBase", StringComparison.Ordinal)),
            _repository.RunAsync(Command));
        foreach (var run in runs) await ExpectTheSameAsync(run);
    }

    [Fact]
    public async Task WithoutACacheTheDigestIsTheSame() =>
        await ExpectTheSameAsync(await _repository.RunAsync(Command + " --no-cache"));

    [Fact]
    public async Task ADataFileThatAPatchAddsIsInTheImage()
    {
        _repository.Write("patches/keystone/2025.1/0001-data.patch",
            "--- /dev/null\n+++ b/keystone/data/end-to-end.txt\n@@ -0,0 +1 @@\n+patched\n");
        try
        {
            (await _repository.RunAsync(Command)).ShouldSucceed();
            const string name = "openstack-images/end-to-end:test";
            var engine = new Engine(built.Docker);
            await engine.LoadAsync(OciLayout.Open(_repository.Service / "image"), [name]);
            var run = await engine.RunPythonAsync(name, PlatformName.Native,
                "import os, keystone; print(open(os.path.dirname(keystone.__file__) + '/data/end-to-end.txt').read())",
                new Dictionary<string, string>());
            await engine.RemoveAsync(name);
            Assert.Equal("patched", run.Text);
        }
        finally
        {
            File.Delete(_repository.Root / "patches/keystone/2025.1/0001-data.patch");
        }

        await ExpectTheSameAsync(await _repository.RunAsync(Command));
    }

    /// <summary>What a release asks for is in its image, and does what the option's contract says.</summary>
    [Fact]
    public async Task ApacheServesKeystoneWhereAReleaseAsksForIt()
    {
        const string file = "releases/2025.1/extra-packages.yaml";
        _repository.Edit(file, "keystone:\n", "keystone:\n  options: [apache]\n");
        var run = await _repository.RunAsync(Command.Replace("BuildService", "TestImage", StringComparison.Ordinal));
        _repository.Edit(file, "keystone:\n  options: [apache]\n", "keystone:\n");
        run.ShouldSucceed();
        Assert.Contains("POST http://127.0.0.1:5001/v3/auth/tokens gives 201", run.Output, StringComparison.Ordinal);
        await ExpectTheSameAsync(await _repository.RunAsync(Command));
    }

    [Fact]
    public async Task AnUnknownPackageIsNamedWithTheStepAndTheLog()
    {
        _repository.Edit("images/bindep.txt", "xmlsec1 [keystone]", "xmlsec1-nosuch [keystone]");
        var run = await _repository.RunAsync(Command);
        _repository.Edit("images/bindep.txt", "xmlsec1-nosuch [keystone]", "xmlsec1 [keystone]");
        run.ShouldFail("RUN /scripts/apt-fetch", "E: Unable to locate package xmlsec1-nosuch", "The whole output is "
            + $"in {_repository.Service / "platforms" / PlatformName.ForFiles(PlatformName.Native) / "build.log"}");
        await ExpectTheSameAsync(await _repository.RunAsync(Command));
    }

    [Fact]
    public async Task ADeadEngineIsToldInOneSentence()
    {
        _repository.Write("docker",
            File.ReadAllText(built.Docker).Replace("docker.sock", "nobody.sock", StringComparison.Ordinal));
        await new Command("chmod", "+x", _repository.Root / "docker").RequireAsync();
        (await _repository.RunAsync(Command + " --no-cache --docker ./docker"))
            .ShouldFail("The Docker engine does not answer: Cannot connect to the Docker daemon", "Start it");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(650)]
    public async Task AFullDiskIsToldInOneSentenceAndLeavesRoom(int megabytes)
    {
        var artifacts = _repository.Root / "artifacts";
        _repository.Forget();
        Directory.CreateDirectory(artifacts);
        await new Command("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", artifacts).RequireAsync();
        try
        {
            // Whoever comes first says it: git, BuildKit, which exports, or we, who pack.
            var run = await _repository.RunAsync(Command);
            run.ShouldFail();
            Assert.Matches("cannot write to the disk|no space left on device|The disk is full: .* cannot be written",
                run.Output);
            Assert.DoesNotContain(FileTree.Entries(artifacts),
                x => x.Name.Contains(".making", StringComparison.Ordinal));
        }
        finally
        {
            await new Command("umount", artifacts).RequireAsync();
        }

        await ExpectTheSameAsync(await _repository.RunAsync(Command));
    }

    Task ExpectTheSameAsync(BuildRun run)
    {
        run.ShouldSucceed();
        Assert.Equal(built.Expected, built.Result());
        Assert.DoesNotContain(FileTree.Entries(_repository.Root / "artifacts"),
            x => x.Name.Contains(".making", StringComparison.Ordinal)
                || x.Name.EndsWith(".tmp", StringComparison.Ordinal));
        return Task.CompletedTask;
    }
}
