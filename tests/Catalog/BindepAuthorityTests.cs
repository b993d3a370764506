using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Tests.Python;

namespace OpenStack.Tests.Catalog;

/// <summary>Generated lines give the packages that the real bindep gives.</summary>
[Trait("Group", "Lab")]
public class BindepAuthorityTests
{
    [PythonModuleFact("bindep.depends", "bindep from the Python package index")]
    public async Task LinesAreThoseOfBindep()
    {
        // Bindep makes its grammar anew for every file, which takes longer than all lines of it.
        var lines = new BindepLines(1);
        var cases = Enumerable.Range(0, 10)
            .Select(_ => (Text: string.Concat(Enumerable.Range(0, 100).Select(_ => lines.Next() + "\n")),
                Profiles: Enumerable.Range(0, 20).Select(_ => lines.Profiles()).ToList()))
            .ToList();
        var answers = await Oracle.AskAsync(cases.Select(x =>
            new { kind = "bindep", text = x.Text, profiles = x.Profiles }));
        foreach (var ((text, profiles), answer) in cases.Zip(answers))
        {
            var problems = new List<Problem>();
            var parsed = Bindep.Parse(text, "f", problems);
            Assert.Empty(problems);
            Assert.Equal(answer!.AsArray().Select(x => string.Join(' ', x!.AsArray().Select(y => (string?)y))),
                profiles.Select(x => string.Join(' ',
                    parsed.Where(line => line.AppliesTo(x.ToHashSet())).Select(line => line.Package))));
        }
    }
}
