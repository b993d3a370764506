using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Tests.Lab;

/// <summary>What the laboratory's uv asks pip to do; a pip that prints its arguments stands in, which lies where images have theirs not.</summary>
public sealed class UvTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public UvTests()
    {
        _directory.Write("pip-1.whl/pip", "import os, sys\nprint(*sys.argv[3:], sep='|')\nprint(os.environ.get('PIP_CONSTRAINT'))\n");
        _directory.Write("uv", File.ReadAllText(Script()).Replace("/usr/share/python-wheels/pip-*.whl", $"{_directory.Path}/pip-*.whl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wheel_is_built_of_one_directory_without_what_it_requires()
    {
        var result = await UvAsync("build", "--wheel", "--out-dir", "/out", "--no-index", "--find-links", "/wheels", "-b", "/one.txt", "/source");
        Assert.Equal(["wheel|--no-deps|--wheel-dir|/out|--no-index|--find-links|/wheels|/source", "/one.txt"], result.Lines);
    }

    [Fact]
    public async Task A_build_reads_the_same_settings_of_the_environment_as_an_installation()
    {
        var environment = new Dictionary<string, string?> { ["UV_FIND_LINKS"] = "/a,/b", ["UV_BUILD_CONSTRAINT"] = "/one.txt /two.txt", ["PIP_INDEX_URL"] = "http://nowhere" };
        var built = await UvAsync(environment, "build", "--wheel", "-o", "/out", "/source");
        Assert.Equal(["wheel|--no-deps|--wheel-dir|/out|--no-index|--find-links|/a|--find-links|/b|/source", "/one.txt /two.txt"], built.Lines);
        var installed = await UvAsync(environment, "pip", "install", "--system", "--compile-bytecode", "--constraint", "/c", "name[extra]");
        Assert.Equal(
            ["--python|/usr/bin/python3|install|--root-user-action=ignore|--compile|--constraint|/c|--no-index|--find-links|/a|--find-links|/b|name[extra]", "/one.txt /two.txt"],
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
    [InlineData("unrecognized arguments: --out-dir", "pip", "install", "--out-dir", "name")]
    public async Task What_it_does_not_do_is_an_error(string message, params string[] arguments)
    {
        var result = await UvAsync(arguments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal($"uv (laboratory): {message}", result.Error.Trim());
    }

    public void Dispose() => _directory.Dispose();

    Task<CommandResult> UvAsync(params string[] arguments) => UvAsync([], arguments);

    Task<CommandResult> UvAsync(Dictionary<string, string?> environment, params string[] arguments) =>
        new Command("python3", [_directory.Path / "uv", .. arguments]) { WorkingDirectory = _directory.Path, Environment = environment }.RunAsync();

    static AbsolutePath Script([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        ((AbsolutePath)file).Parent.Parent.Parent / "build/Lab/data/uv";
}
