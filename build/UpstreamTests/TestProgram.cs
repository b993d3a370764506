using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;

namespace OpenStack.UpstreamTests;

/// <summary><c>run_tests.py</c>, which runs upstream's tests in a container and says what comes of them.</summary>
/// <param name="engine">Runs the image, which it knows already.</param>
/// <param name="programs">The directory of the program.</param>
sealed class TestProgram(Engine engine, AbsolutePath programs)
{
    /// <param name="result">Gets its answers.</param>
    /// <param name="image">What the engine knows the image by.</param>
    /// <param name="platform">That of the image.</param>
    /// <param name="variables">Those that the tests want.</param>
    /// <param name="request">What the program is asked for.</param>
    /// <param name="place">Where it runs.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">It came to no end.</exception>
    public async Task RunAsync(TestRunResult result, string image, string platform,
        IReadOnlyDictionary<string, string> variables, object request, ContainerPlace place,
        CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(variables) { ["REQUEST"] = JsonSerializer.Serialize(request) };
        var code = await File.ReadAllTextAsync(programs / "run_tests.py", cancellation);
        var run = await engine.FollowPythonAsync(image, platform, code, environment, place, result.Take, cancellation);
        if (!run.Succeeded)
            throw new ProblemException(
                $"the tests of {result.Name} came to no end (exit code {run.ExitCode}): {run.Tail(20)}");
        result.Printed = run.Tail(10);
    }
}
