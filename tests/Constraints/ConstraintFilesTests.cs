using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Constraints;

public class ConstraintFilesTests
{
    [Theory]
    [InlineData("restructuredtext_lint", "restructuredtext-lint")]
    [InlineData("Foo.-_Bar", "foo-bar")]
    [InlineData("PyMySQL", "pymysql")]
    public void NamesAreNormalised(string name, string normal) => Assert.Equal(normal, PythonName.Of(name).Value);

    [Fact]
    public void UpperConstraintsAreReadWhateverTheLineEnds()
    {
        var upper = UpperConstraints.Parse("\uFEFF# note\r\npbr===7.0.0\r\n\r\nfoo_bar===2.9.0.post0;python_version=='3.9' # old\r\nlast===1.0", "f");
        Assert.Equal(["pbr===7.0.0", "foo_bar===2.9.0.post0;python_version=='3.9'", "last===1.0"], upper.Pins.Select(x => x.Text));
        Assert.Equal(["# note", "pbr===7.0.0", "", "foo_bar===2.9.0.post0;python_version=='3.9'", "last===1.0"], upper.Lines.Select(x => x.ToString()));
    }

    [Fact]
    public void EveryMistakeInUpperConstraintsIsReported() => Assert.Equal(
        [
            "f:1:4: 'foo>=1' is a range; expected one version. Write foo===1, or whichever version it is to be",
            "f:3:3: 'Bar' is there twice, first in line 2",
            "f:4:4: 'baz' has no version; expected name===version[;marker]",
            "f:5:1: '===1' is not a requirement; expected the name of a distribution first",
            "f:6:8: ' os_nam=='x'' is not an environment marker",
        ],
        Problems(() => UpperConstraints.Parse("foo>=1\nbar===1\n  Bar===2\nbaz\n===1\nqux===1; os_nam=='x'", "f"))
            .Select(x => x.Contains("marker: ", StringComparison.Ordinal) ? "f:6:8: ' os_nam=='x'' is not an environment marker" : x));

    [Fact]
    public void OverrideKeepsItsReason()
    {
        var items = ConstraintOverrides.Parse(
            "# header\r\n\r\n# CVE-2026-1:\r\n# fixed in 44\r\ncryptography==44.0.1  \r\n-foo # gone\r\nbar===1 # why\nbaz===1", "f").Items;
        Assert.Equal(["CVE-2026-1: fixed in 44", "gone", "why", null], items.Select(x => x.Why));
        Assert.Equal(["44.0.1", null, "1", "1"], items.Select(x => x.Pin?.Version));
        Assert.Equal([5, 6, 7, 8], items.Select(x => x.Line));
    }

    [Theory]
    [InlineData("cryptography>=44", "f:1:13: 'cryptography>=44' is a range; expected one version. Write cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography<44", "f:1:13: 'cryptography<44' is a range; expected one version. Write cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography===44,!=43", "f:1:13: 'cryptography===44,!=43' is a range; expected one version. Write cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography==44.*", "f:1:13: 'cryptography==44.*' is a range; expected one version. Write cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography===newest", "f:1:16: 'newest' is not a version; expected PEP 440, as in 1.2.3")]
    [InlineData("cryptography", "f:1:13: 'cryptography' has no version; expected name===version[;marker]")]
    [InlineData("cryptography[x]===1", "f:1:13: 'cryptography' is constrained with extras; expected a name alone. A constraint counts for every extra")]
    [InlineData("foo @ https://x/y.whl", "f:1:5: 'foo' is given as a URL; expected a version. A component that is built from source belongs into source-refs.yaml")]
    [InlineData("git+https://x/y", "f:1:4: '+https://x/y' is not a version comparison; expected PEP 440, as in ===1.2.3")]
    [InlineData("-foo===1", "f:1:1: '-foo===1' removes nothing; expected -name. Write -foo; a removal has no version and no marker")]
    [InlineData("-r other.txt", "f:1:1: '-r other.txt' removes nothing; expected -name")]
    [InlineData("--no-index", "f:1:1: '--no-index' removes nothing; expected -name")]
    [InlineData("foo===1\n\nFoo===2", "f:3:1: 'Foo' is overridden twice, first in line 1; expected one line per name, or one per marker. Remove one of them")]
    [InlineData("foo===1\n-foo", "f:2:1: 'foo' is overridden twice, first in line 1; expected one line per name, or one per marker. Remove one of them")]
    [InlineData("foo===1;os_name=='a'\nfoo===1; os_name == \"a\"", "f:2:1: 'foo' is overridden twice, first in line 1; expected one line per name, or one per marker. Remove one of them")]
    public void MistakeInAnOverrideIsReported(string text, string expected) =>
        Assert.Equal([expected], Problems(() => ConstraintOverrides.Parse(text, "f")));

    [Fact]
    public void BuildConstraintsAreRequirements()
    {
        var requirements = BuildConstraints.Parse("# pkg_resources\nsetuptools<81\nCython>=3,<4;python_version>='3.12'\n", "f").Requirements;
        Assert.Equal(["setuptools", "Cython"], requirements.Select(x => x.Name));
        Assert.Equal(">=3,<4", string.Join(',', requirements[1].Specifiers));
        Assert.Equal(
            ["f:1:1: 'a' has no version; expected a constraint as in setuptools<81", "f:2:2: 'x' is not a version; expected PEP 440, as in ===1.2.3"],
            Problems(() => BuildConstraints.Parse("a\nb<x", "f")));
    }

    static IEnumerable<string> Problems(Func<object> parse) => Assert.Throws<ProblemException>(parse).Problems.Select(x => x.ToString());
}
