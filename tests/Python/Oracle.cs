using System.Text.Json;
using System.Text.Json.Nodes;
using OpenStack.Processes;

namespace OpenStack.Tests.Python;

/// <summary>The Python libraries that are the authority: one process that is asked all questions.</summary>
static class Oracle
{
    /// <param name="questions">Each an object with its <c>kind</c>: a function of oracle.py.</param>
    /// <returns>As many answers.</returns>
    public static async Task<IReadOnlyList<JsonNode?>> AskAsync(IEnumerable<object> questions)
    {
        var input = questions.Select(x => JsonSerializer.Serialize(x)).ToList();
        var result = await new Command(Program, RepositoryRoot.Path / "tests" / "Python" / "oracle.py")
        {
            Input =
            string.Join('\n', input) + "\n"
        }.RequireAsync();
        var answers = result.Lines.Where(x => x.Length > 0).Select(x => JsonNode.Parse(x)).ToList();
        Assert.Equal(input.Count, answers.Count);
        return answers;
    }

    /// <summary>Debian's own, which sees Debian's packages; another one where PYTHON says so.</summary>
    internal static string Program => Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named ? named
        : File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
}

/// <summary>A test for machines whose Python has a module; others say that it did not run.</summary>
sealed class PythonModuleFactAttribute : FactAttribute
{
    static readonly Dictionary<string, bool> s_known = [];

    /// <param name="package">The Debian package that has it, for people.</param>
    public PythonModuleFactAttribute(string module, string package)
    {
        if (!Has(module)) Skip = $"There is no Python module '{module}' to compare with: install {package}";
    }

    static bool Has(string module)
    {
        lock (s_known)
        {
            if (s_known.TryGetValue(module, out var known)) return known;
            try
            {
                return s_known[module] = new Command(Oracle.Program, "-c", $"import {module}").RunAsync().GetAwaiter()
                    .GetResult().ExitCode == 0;
            }
            catch (OpenStack.Diagnostics.ProblemException)
            {
                return s_known[module] = false;
            }
        }
    }
}
