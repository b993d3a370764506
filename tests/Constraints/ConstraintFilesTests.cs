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
        var upper = UpperConstraints.Parse(
            "\uFEFF# note\r\npbr===7.0.0\r\n\r\nfoo_bar===2.9.0.post0;python_version=='3.9' # old\r\nlast===1.0", "f");
        Assert.Equal(["pbr===7.0.0", "foo_bar===2.9.0.post0;python_version=='3.9'", "last===1.0"],
            upper.Pins.Select(x => x.Text));
        Assert.Equal(["# note", "pbr===7.0.0", "", "foo_bar===2.9.0.post0;python_version=='3.9'", "last===1.0"],
            upper.Lines.Select(x => x.ToString()));
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
            .Select(x => x.Contains("marker: ", StringComparison.Ordinal)
                ? "f:6:8: ' os_nam=='x'' is not an environment marker"
                : x));

    [Fact]
    public void OverrideKeepsItsReason()
    {
        var items = ConstraintOverrides.Parse(
            "# header\r\n\r\n# CVE-2026-1:\r\n# fixed in 44\r\ncryptography==44.0.1  \r\n"
            + "-foo # gone\r\nbar===1 # why\nbaz===1", "f").Items;
        Assert.Equal(["CVE-2026-1: fixed in 44", "gone", "why", null], items.Select(x => x.Why));
        Assert.Equal(["44.0.1", null, "1", "1"], items.Select(x => x.Pin?.Version));
        Assert.Equal([5, 6, 7, 8], items.Select(x => x.Line));
    }

    [Theory]
    [InlineData("cryptography>=44", "f:1:13: 'cryptography>=44' is a range; expected one version. Write "
        + "cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography<44", "f:1:13: 'cryptography<44' is a range; expected one version. Write "
        + "cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography===44,!=43", "f:1:13: 'cryptography===44,!=43' is a range; expected one version. Write "
        + "cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography==44.*", "f:1:13: 'cryptography==44.*' is a range; expected one version. Write "
        + "cryptography===44, or whichever version it is to be")]
    [InlineData("cryptography===newest", "f:1:16: 'newest' is not a version; expected PEP 440, as in 1.2.3")]
    [InlineData("cryptography", "f:1:13: 'cryptography' has no version; expected name===version[;marker]")]
    [InlineData("cryptography[x]===1", "f:1:13: 'cryptography' is constrained with extras; expected a name alone. A "
        + "constraint counts for every extra")]
    [InlineData("foo @ https://x/y.whl", "f:1:5: 'foo' is given as a URL; expected a version. A component that is "
        + "built from source belongs into source-refs.yaml")]
    [InlineData("git+https://x/y",
        "f:1:4: '+https://x/y' is not a version comparison; expected PEP 440, as in ===1.2.3")]
    [InlineData("-foo===1",
        "f:1:1: '-foo===1' removes nothing; expected -name or -name;marker. Write -foo; a removal has no version")]
    [InlineData("-foo; os_nam=='x'",
        "f:1:7: 'os_nam=='x'' is not an environment marker: there is no variable 'os_nam'. Did you mean 'os_name'?; "
        + "expected PEP 508, as in python_version>='3.10'")]
    [InlineData("-r other.txt",
        "f:1:1: options of pip are not heeded here: -r (line 1); expected requirements alone. Leave them out")]
    [InlineData("--no-index",
        "f:1:1: options of pip are not heeded here: --no-index (line 1); expected requirements alone. Leave them out")]
    [InlineData("--only-binary :all:\n-c x.txt\n-e .",
        "f:1:1: options of pip are not heeded here: --only-binary (line 1), -c (line 2), -e (line 3); expected "
        + "requirements alone. Leave them out")]
    [InlineData("foo===1\n\nfoo===2",
        "f:3:1: 'foo' is overridden twice, first in line 1; expected one line per name, or one per "
        + "marker. Remove one of them")]
    [InlineData("foo===1\n\nFoo===2",
        "f:3:1: 'Foo' is 'foo' of line 1 in another spelling; expected one name per distribution. Write "
        + "'foo', or remove one of them")]
    [InlineData("uwsgi===1\n-u_wsgi",
        "f:2:1: 'u_wsgi' and 'uwsgi' of line 1 differ by what parts them alone: no index has both; expected one name "
        + "per distribution. Write 'uwsgi', or remove one of them")]
    [InlineData("foo.bar===1;os_name=='a'\nfoo-bar===1;os_name=='b'",
        "f:2:1: 'foo-bar' is 'foo.bar' of line 1 in another spelling; expected one name per distribution. Write "
        + "'foo.bar', or remove one of them")]
    [InlineData("certifi===2024.08.30",
        "f:1:1: 'certifi===2024.08.30' is what no index has: it spells the version 2024.8.30; expected "
        + "certifi===2024.8.30. Write that, or certifi==2024.08.30, which compares versions and not texts")]
    [InlineData("foo===1.0-1",
        "f:1:1: 'foo===1.0-1' is what no index has: it spells the version 1.0.post1; expected foo===1.0.post1. Write "
        + "that, or foo==1.0-1, which compares versions and not texts")]
    [InlineData("foo===v1.0.alpha",
        "f:1:1: 'foo===v1.0.alpha' is what no index has: it spells the version 1.0a0; expected foo===1.0a0. Write "
        + "that, or foo==v1.0.alpha, which compares versions and not texts")]
    [InlineData("foo>=1.*", "f:1:4: '>=' does not compare with a prefix, '1.*'; expected PEP 440, as in ===1.2.3")]
    [InlineData("foo===1 \\\n  ;os_nam=='x'",
        "f:2:4: 'os_nam=='x'' is not an environment marker: there is no variable 'os_nam'. Did you mean 'os_name'?; "
        + "expected PEP 508, as in python_version>='3.10'")]
    [InlineData("foo===1\n-foo", "f:2:1: 'foo' is overridden twice, first in line 1; expected one line per name, or "
        + "one per marker. Remove one of them")]
    [InlineData("foo===1;os_name=='a'\nfoo===1; os_name == \"a\"", "f:2:1: 'foo' is overridden twice, first in line 1; "
        + "expected one line per name, or one per marker. Remove one of them")]
    public void MistakeInAnOverrideIsReported(string text, string expected) =>
        Assert.Equal([expected], Problems(() => ConstraintOverrides.Parse(text, "f")));

    [Fact]
    public void BuildConstraintsAreRequirements()
    {
        var requirements = BuildConstraints.Parse(
            "# pkg_resources\nsetuptools<81\nCython>=3,<4;python_version>='3.12'\n", "f").Requirements;
        Assert.Equal(["setuptools", "Cython"], requirements.Select(x => x.Name));
        Assert.Equal(">=3,<4", string.Join(',', requirements[1].Specifiers));
        Assert.Equal(
            ["f:1:1: 'a' has no version; expected a constraint as in setuptools<81",
                "f:2:2: 'x' is not a version; expected PEP 440, as in ===1.2.3"],
            Problems(() => BuildConstraints.Parse("a\nb<x", "f")));
    }

    [Theory]
    [InlineData("x>=1.0+local",
        "f:1:2: '>=' does not compare with a local version, '1.0+local'; expected PEP 440, as in ===1.2.3")]
    [InlineData("x==1.0rc1.*",
        "f:1:2: '1.0rc1.*' is a prefix of more than a release; expected PEP 440, as in ===1.2.3")]
    [InlineData("x~=1",
        "f:1:2: '~=' compares with two numbers or more, not with '1'; expected PEP 440, as in ===1.2.3")]
    [InlineData("x @ https://x/y",
        "f:1:3: 'x' is given as a URL; expected a version. A component that is built from source "
        + "belongs into source-refs.yaml")]
    [InlineData("x[a]<1", "f:1:1: 'x' is constrained with extras; expected a name alone")]
    [InlineData("setuptools<81\nSetupTools>=60",
        "f:2:1: 'SetupTools' is 'setuptools' of line 1 in another spelling; expected one name per distribution. Write "
        + "'setuptools', or remove one of them")]
    [InlineData("setuptools==80.9.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nwheel==1 --hash=sha256:cc",
        "f:1:1: options of pip are not heeded here: --hash (lines 1, 4); expected requirements alone. Leave them out; "
        + "a version is what is fixed, a hash is not compared")]
    public void MistakeInBuildConstraintsIsReportedOnce(string text, string expected) =>
        Assert.Equal([expected], Problems(() => BuildConstraints.Parse(text, "f")));

    [Theory]
    [InlineData("setuptools (<81)", "setuptools<81")]
    [InlineData("setuptools \\\n  <81, \\\n  >=60", "setuptools<81,>=60")]
    [InlineData("setuptools<81,", "setuptools<81")]
    [InlineData("setuptools [ ] ( <81 , )", "setuptools<81")]
    [InlineData("# setuptools \\\nsetuptools<81 # why \\", "setuptools<81")]
    [InlineData("setuptools \\\r\n<81\r\n", "setuptools<81")]
    public void RequirementsAreReadInEveryForm(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(BuildConstraints.Parse(text, "f").Requirements).ToString());

    [Fact]
    public void APartedPinIsOneOverride()
    {
        var item = Assert.Single(ConstraintOverrides.Parse(
            "# why\ncryptography \\\n  (==44.0.1) \\\n  ; python_version >= '3.10'\n", "f").Items);
        Assert.Equal(("44.0.1", "==", "why", 2, 1),
            (item.Pin!.Version, item.Pin.Operator, item.Why, item.Line, item.Column));
        Assert.Equal(Marker.Parse("python_version>='3.10'"), item.Marker);
    }

    static IEnumerable<string> Problems(Func<object> parse) =>
        Assert.Throws<ProblemException>(parse).Problems.Select(x => x.ToString());
}
