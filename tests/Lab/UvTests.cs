using Nuke.Common.IO;
using OpenStack.Processes;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Tests.Lab;

/// <summary>
/// What the laboratory's uv asks pip to do; a pip that prints its arguments stands in, which lies where images have
/// theirs not.
/// </summary>
public sealed class UvTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public UvTests()
    {
        _directory.Write("pip-1.whl/pip",
            "import os, sys\nprint(*sys.argv[3:], sep='|')\nprint(os.environ.get('PIP_CONSTRAINT'))\n");
        _directory.Write("uv", File.ReadAllText(Script())
            .Replace("/usr/share/python-wheels/pip-*.whl", $"{_directory.Path}/pip-*.whl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wheel_is_built_of_one_directory_without_what_it_requires()
    {
        var result = await UvAsync("build", "--wheel", "--out-dir", "/out", "--no-index", "--find-links", "/wheels",
            "-b", "/one.txt", "/source");
        Assert.Equal(["wheel|--no-deps|--wheel-dir|/out|--no-index|--find-links|/wheels|/source", "/one.txt"],
            result.Lines);
    }

    [Fact]
    public async Task A_build_reads_the_same_settings_of_the_environment_as_an_installation()
    {
        var environment = new Dictionary<string, string?>
        {
            ["UV_FIND_LINKS"] = "/a,/b",
            ["UV_BUILD_CONSTRAINT"] = "/one.txt /two.txt",
            ["PIP_INDEX_URL"] = "http://nowhere",
        };
        var built = await UvAsync(environment, "build", "--wheel", "--no-index", "-o", "/out", "/source");
        Assert.Equal(["wheel|--no-deps|--wheel-dir|/out|--no-index|--find-links|/a|--find-links|/b|/source",
            "/one.txt /two.txt"], built.Lines);
        var installed = await UvAsync(environment, "pip", "install", "--system", "--no-index", "--compile-bytecode",
            "--constraint", "/c", "name[extra]");
        Assert.Equal(
            ["--python|/usr/bin/python3|install|--root-user-action=ignore|--compile|--constraint|/c|--no-index|--find-links|/a|--find-links|/b|name[extra]",
                "/one.txt /two.txt"],
            installed.Lines);
    }

    [Fact]
    public async Task Wheels_of_the_working_directory_go_to_dist_there()
    {
        var result = await UvAsync("build", "--wheel", "--no-index");
        Assert.Equal($"wheel|--no-deps|--wheel-dir|./dist|--no-index|{_directory.Path}", result.Lines[0]);
    }

    [Theory]
    [InlineData("build without --wheel: the laboratory makes no source distributions", "build", "/source")]
    [InlineData("unrecognized arguments: --sdist", "build", "--wheel", "--sdist", "/source")]
    [InlineData("unrecognized arguments: --whee", "build", "--whee", "/source")]
    [InlineData("neither --no-index nor an index: the laboratory has no other", "pip", "install",
        "--find-links", "/wheels", "name")]
    [InlineData("unrecognized arguments: --out-dir", "pip", "install", "--out-dir", "name")]
    public async Task What_it_does_not_do_is_an_error(string message, params string[] arguments)
    {
        var result = await UvAsync(arguments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal($"uv (laboratory): {message}", result.Error.Trim());
    }

    /// <summary>uv has no variable for it: what does not say it on the command line would ask the index.</summary>
    [Fact]
    public async Task No_variable_says_that_there_is_no_index()
    {
        var result = await UvAsync(new Dictionary<string, string?> { ["UV_NO_INDEX"] = "1", ["UV_FIND_LINKS"] = "/a" },
            "pip", "install", "name");
        Assert.Equal("uv (laboratory): neither --no-index nor an index: the laboratory has no other",
            result.Error.Trim());
    }

    [Fact]
    public async Task What_a_build_is_made_with_may_be_wheels_alone()
    {
        _directory.Write("pip-1.whl/pip", "import os\nprint(os.environ.get('PIP_ONLY_BINARY'))\n");
        Assert.Equal(":all:", (await UvAsync("build", "--wheel", "--no-build", "--no-index", "/source")).Text);
        Assert.Equal(":all:", (await UvAsync(new Dictionary<string, string?> { ["UV_NO_BUILD"] = "1" }, "build",
            "--wheel", "--no-index", "/source")).Text);
        Assert.Equal("None", (await UvAsync("build", "--wheel", "--no-index", "/source")).Text);
    }

    /// <summary>PEP 751, as uv writes it for one interpreter and platform.</summary>
    [Fact]
    public async Task A_lock_is_what_pip_would_install()
    {
        _directory.Write("wheels/Six-1.0-py3-none-any.whl", "six");
        _directory.Write("pip-1.whl/pip", $$"""
            import json, sys
            items = [
                {"metadata": {"name": "Six", "version": "1.0"},
                 "download_info": {"url": "file://{{_directory.Path}}/wheels/Six-1.0-py3-none-any.whl", "archive_info": {} } },
                {"metadata": {"name": "own", "version": "2"}, "is_direct": True,
                 "download_info": {"url": "file:///own-2-py3-none-any.whl", "archive_info": {"hashes": {"sha256": "aa"} } } },
            ]
            json.dump({"install": items}, open(sys.argv[sys.argv.index("--report") + 1], "w"))
            """);
        var lockFile = _directory.Path / "pylock.toml";
        Assert.Equal(0, (await UvAsync("pip", "compile", "--no-index", "--find-links", "/wheels", "--output-file",
            lockFile, "/requirements.in")).ExitCode);
        var locked = Assert.Single(PyLock.Read(lockFile, "own"));
        Assert.Equal(
            new LockedDistribution("six", "1.0", new IndexFile(
                "Six-1.0-py3-none-any.whl", $"file://{_directory.Path}/wheels/Six-1.0-py3-none-any.whl",
                Digest.OfText("six")["sha256:".Length..])),
            locked);
    }

    /// <summary>A stand-in that knows more than the real one hides what fails for everybody else.</summary>
    [RealFact]
    [Trait("Group", "Real")]
    public async Task Uv_itself_knows_every_option_and_variable()
    {
        string uv = RealPackages.Directory is null
            ? "uv"
            : $"{RealPackages.UvDirectory(_directory.Path / "real") / "uv"}";
        var help = string.Concat(await Task.WhenAll(((string[][])[["help", "pip", "install"], ["help", "build"],
            ["help", "pip", "compile"], ["help"]])
            .Select(async x => (await new Command(uv, [.. x]).RequireAsync()).Output)));
        var unknown = new List<string>();
        foreach (var line in (await UvAsync("--list-options")).Lines)
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            var (command, names) = (json.RootElement[0].GetString()!,
                json.RootElement[1].EnumerateArray().Select(x => x.GetString()!));
            if (command == "variables") unknown.AddRange(names.Where(x => !help.Contains(x, StringComparison.Ordinal)));
            else foreach (var name in names)
            {
                // An option that it does not know ends it before it comes to the next one.
                var result = await new Command(uv, new List<string>([
                    .. command.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    name,
                    "--help",
                ])).RunAsync();
                if (result.Error.Contains("unexpected argument", StringComparison.Ordinal))
                    unknown.Add($"{command} {name}");
            }
        }

        Assert.Empty(unknown);
    }

    public void Dispose() => _directory.Dispose();

    Task<CommandResult> UvAsync(params string[] arguments) => UvAsync([], arguments);

    Task<CommandResult> UvAsync(Dictionary<string, string?> environment, params string[] arguments) =>
        new Command("python3", [_directory.Path / "uv", .. arguments])
        {
            WorkingDirectory = _directory.Path,
            Environment = environment,
        }.RunAsync();

    static AbsolutePath Script([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        ((AbsolutePath)file).Parent.Parent.Parent / "build/Lab/data/uv";
}
