using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Constraints;

public class ConstraintEngineTests
{
    const string Upper = """
        # kept
        restructuredtext_lint===1.4.0
        cryptography===43.0.3
        glance_store===4.10.0;python_version=='3.9'
        horizon===25.5.2
        glance_store===5.2.0;python_version>='3.10'
        """;

    [Fact]
    public void NothingChangesWithoutOverrides()
    {
        var result = Apply("");
        Assert.Equal(Upper + "\n", result.Text);
        Assert.Empty(result.Changes);
    }

    [Theory]
    [InlineData("cryptography==44.0.1", "cryptography==44.0.1", "Replaced cryptography 43.0.3 -> 44.0.1")]
    [InlineData("Cryptography===44.0.1", "cryptography===44.0.1", "Replaced cryptography 43.0.3 -> 44.0.1")]
    [InlineData("restructuredtext-lint===2.0", "restructuredtext_lint===2.0",
        "Replaced restructuredtext_lint 1.4.0 -> 2.0")]
    [InlineData("-RestructuredText.Lint", "", "Removed restructuredtext_lint 1.4.0 -> ")]
    [InlineData("lhafile===0.3.1", "lhafile===0.3.1", "Added lhafile  -> 0.3.1")]
    [InlineData("cryptography==44.00.1", "cryptography==44.00.1", "Replaced cryptography 43.0.3 -> 44.00.1")]
    [InlineData("msgpack==1.1", "msgpack==1.1", "Added msgpack  -> 1.1")]
    [InlineData("cryptography==43.00.3", "cryptography===43.0.3", "Unchanged cryptography 43.0.3 -> 43.00.3")]
    [InlineData("cryptography===43.0.3", "cryptography===43.0.3", "Unchanged cryptography 43.0.3 -> 43.0.3")]
    [InlineData("glance-store===5.3;python_version >= \"3.10\"", "glance_store===5.3;python_version >= '3.10'",
        "Replaced glance_store 5.2.0; python_version >= '3.10' -> 5.3; python_version >= '3.10'")]
    [InlineData("glance-store===5.3", "glance_store===5.3",
        "Replaced glance_store 4.10.0; python_version == '3.9', 5.2.0; python_version >= '3.10' -> 5.3")]
    [InlineData("-glance_store", "",
        "Removed glance_store 4.10.0; python_version == '3.9', 5.2.0; python_version >= '3.10' -> ")]
    public void OverrideChangesItsLines(string line, string newLine, string change)
    {
        var result = Apply(line);
        var lines = Upper.Split('\n');
        if (newLine.Length > 0) Assert.Single(result.Lines, x => x.ToString() == newLine);
        Assert.Equal(change, Assert.Single(result.Changes.Select(x => $"{x.Kind} {x.Name} {x.From} -> {x.To}")));
        // Every other line is as it was, where it was.
        Assert.Equal(lines.Where(x => result.Lines.Any(y => y.ToString() == x)),
            result.Lines.Select(x => x.ToString()).Where(x => x != newLine || lines.Contains(x)));
    }

    [Fact]
    public void ReplacementStaysInPlace() => Assert.Equal(
        """
        # kept
        restructuredtext_lint===1.4.0
        cryptography===43.0.3
        glance_store===5.3
        horizon===25.5.2

        """, Apply("glance_store===5.3").Text);

    [Theory]
    [InlineData("-cryptograhy",
        "o:1:1: 'cryptograhy' is to be removed, but is not there. Did you mean 'cryptography'?")]
    [InlineData("-foo", "o:1:1: 'foo' is to be removed, but is not there. Remove this line")]
    [InlineData("cryptography===43.0.3.0",
        "o:1:1: 'cryptography===43.0.3.0' is what no index has: it spells the version 43.0.3, as the upper constraints "
        + "do. Write cryptography==43.0.3.0, which compares versions and not texts, or leave the line out")]
    [InlineData("glance_store===4.10;python_version=='3.9'",
        "o:1:1: 'glance_store===4.10' is what no index has: it spells the version 4.10.0, as the upper constraints do. "
        + "Write glance_store==4.10, which compares versions and not texts, or leave the line out")]
    [InlineData("cryptography===44;python_version>='3.10'",
        "o:1:1: no line of 'cryptography' has the marker python_version >= '3.10', and none "
        + "of these lines counts for python_version '3.9'. Leave the marker out: its one line has none. Or add a line "
        + "for the rest: together they replace it")]
    [InlineData("glance_store===6;python_version>='3.11'",
        "o:1:1: no line of 'glance_store' has the marker python_version >= '3.11', and none "
        + "of these lines counts for python_version '3.10'. Its lines have python_version == '3.9' and python_version "
        + ">= '3.10'; without a marker all of them are replaced")]
    public void OverrideWithoutAnythingToActOnIsReported(string line, string expected) =>
        Assert.Equal(expected, Assert.Throws<ProblemException>(() => Apply(line)).Message);

    [Theory]
    [InlineData("cryptography===44; platform_machine == 'x86_64'\ncryptography===42; platform_machine != 'x86_64'",
        "cryptography===44;platform_machine == 'x86_64' cryptography===42;platform_machine != 'x86_64'",
        "Replaced 43.0.3 -> 44; platform_machine == 'x86_64', Replaced 43.0.3 -> 42; platform_machine != 'x86_64'")]
    [InlineData("cryptography==44; platform_machine == 'x86_64'\ncryptography==42; platform_machine == 'aarch64'",
        "cryptography==44;platform_machine == 'x86_64' cryptography==42;platform_machine == 'aarch64'",
        "Replaced 43.0.3 -> 44; platform_machine == 'x86_64', Replaced 43.0.3 -> 42; platform_machine == 'aarch64'")]
    [InlineData("cryptography===44; python_version < '3.13'\ncryptography===42; python_version >= '3.13'",
        "cryptography===44;python_version < '3.13' cryptography===42;python_version >= '3.13'",
        "Replaced 43.0.3 -> 44; python_version < '3.13', Replaced 43.0.3 -> 42; python_version >= '3.13'")]
    [InlineData("cryptography===44; platform_machine in 'x86_64 riscv64'\n"
        + "-cryptography; platform_machine not in 'x86_64 riscv64'",
        "cryptography===44;platform_machine in 'x86_64 riscv64'",
        "Replaced 43.0.3 -> 44; platform_machine in 'x86_64 riscv64', Removed 43.0.3 where platform_machine "
        + "not in 'x86_64 riscv64' -> ")]
    [InlineData("glance_store===6; platform_machine == 'x86_64'\nglance_store===7; platform_machine != 'x86_64'",
        "glance_store===6;platform_machine == 'x86_64' glance_store===7;platform_machine != 'x86_64'",
        "Replaced 4.10.0; python_version == '3.9', 5.2.0; python_version >= '3.10' -> 6; platform_machine == "
        + "'x86_64', Replaced 4.10.0; python_version == '3.9', 5.2.0; python_version >= '3.10' -> 7; "
        + "platform_machine != 'x86_64'")]
    [InlineData("new===1; python_version < '3.13'\nnew===2; python_version >= '3.13'",
        "new===1;python_version < '3.13' new===2;python_version >= '3.13'",
        "Added  -> 1; python_version < '3.13', Added  -> 2; python_version >= '3.13'")]
    [InlineData("-glance_store; python_version == '3.9'", "glance_store===5.2.0;python_version>='3.10'",
        "Removed 4.10.0; python_version == '3.9' -> ")]
    public void MarkedLinesCountTogether(string overrides, string lines, string changes)
    {
        var result = Apply(overrides);
        var name = PythonName.Of(result.Changes[0].Name);
        Assert.Equal(lines, string.Join(' ', result.Pins.Where(x => x.Key == name).Select(x => x.Text)));
        Assert.Equal(changes, string.Join(", ", result.Changes.Select(x => $"{x.Kind} {x.From} -> {x.To}")));
        // Nothing else is touched, and what was replaced stays in its place.
        Assert.Equal(Upper.Split('\n').Where(x => !x.StartsWith(result.Changes[0].Name, StringComparison.Ordinal)),
            result.Lines.Select(x => x.ToString())
                .Where(x => !x.StartsWith(result.Changes[0].Name, StringComparison.Ordinal)));
        if (name.Value == "cryptography")
            Assert.Equal(2, result.Lines.Index().First(x => x.Item.Pin?.Key == name).Index);
    }

    [Theory]
    [InlineData(
        "cryptography===44; platform_machine == 'x86_64'\ncryptography===42; platform_machine in 'x86_64 aarch64'",
        "o:2:1: this line and line 1 both count for platform_machine 'x86_64'. Let one marker exclude the other")]
    [InlineData("cryptography===44; platform_machine == 'x86_64'\ncryptography===42; platform_machine == 'riscv64'",
        "o:1:1: no line of 'cryptography' has the marker platform_machine == 'x86_64', and none of these lines counts "
        + "for platform_machine 'aarch64'")]
    [InlineData("-cryptography; platform_machine == 'x86_64'",
        "o:1:1: no line of 'cryptography' has the marker platform_machine == 'x86_64', and none of these lines counts "
        + "for platform_machine 'aarch64'")]
    public void MarkedLinesThatDoNotFitTogetherAreReported(string overrides, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<ProblemException>(() => Apply(overrides)).Problems[0].ToString());

    [Theory]
    [InlineData("cryptography==44; platform_machine == 'x86_64'\n"
        + "cryptography==44.0; platform_machine in 'x86_64 aarch64'")]
    [InlineData("cryptography===44.0; platform_machine == 'x86_64'\n"
        + "cryptography==44; platform_machine in 'x86_64 aarch64'")]
    public void LinesThatLetTheSameVersionInMayBothCount(string overrides) =>
        Assert.Equal(2, Apply(overrides).Changes.Count);

    [Theory]
    [InlineData("2.0.0", "2.0.0", true)]
    [InlineData("2.0", "2.0.0", true)]
    [InlineData("2024.08.30; python_version > '3'", "2024.8.30", true)]
    [InlineData("1.0.RC1", "1.0rc1", true)]
    [InlineData("2.0.0", "2.0.1", false)]
    [InlineData(null, "2.0.1", true)]
    public void ChangesLeadToVersionsInEverySpelling(string? to, string version, bool leads) =>
        Assert.Equal(leads, new ConstraintChange(ConstraintChangeKind.Replaced, "x", "1", to).LeadsTo(version));

    [Fact]
    public void WhatIsInAWheelhouseIsSpeltAsItIs() => Assert.Contains("cryptography===43.0.3.0", ConstraintEngine.Apply(
        UpperConstraints.Parse(Upper, "u"),
        [ConstraintOverrides.Parse("cryptography===43.0.3.0", "w", isWheelhouse: true)], []).Text,
        StringComparison.Ordinal);

    [Fact]
    public void AddedNearMissIsHintedAt() =>
        Assert.Equal("Did you mean 'cryptography'?", Apply("cryptograhpy===44").Changes.Single().Hint);

    [Fact]
    public void SelfPinsGoByDistributionName()
    {
        var result = ConstraintEngine.Apply(UpperConstraints.Parse(Upper, "u"),
            [ConstraintOverrides.Parse("horizon===26", "o")], ["Horizon", "glance.store", "keystone"]);
        Assert.Equal(["restructuredtext_lint", "cryptography"], result.Pins.Select(x => x.Name));
        Assert.Equal(
            [ConstraintChangeKind.Replaced, ConstraintChangeKind.SelfPin, ConstraintChangeKind.SelfPin],
            result.Changes.Select(x => x.Kind));
    }

    [Fact]
    public void FilesApplyInOrderAndAWheelhouseIsSilent()
    {
        var wheelhouse = ConstraintOverrides.Parse("cryptography===42\nnew===1\nglance_store===5.0\nhorizon===25.5.2",
            "w", isWheelhouse: true);
        var result = ConstraintEngine.Apply(UpperConstraints.Parse(Upper, "u"),
            [wheelhouse, ConstraintOverrides.Parse("# CVE\nnew===2", "o")], []);
        Assert.Equal(["restructuredtext_lint===1.4.0", "cryptography===42", "glance_store===5.0", "horizon===25.5.2",
            "new===2"], result.Pins.Select(x => x.Text));
        Assert.Equal(new ConstraintChange(ConstraintChangeKind.Replaced, "new", "1", "2", "CVE", "o", 2),
            Assert.Single(result.Changes));
    }

    [Fact]
    public void EnvironmentLeavesOutWhatDoesNotHold()
    {
        var result = ConstraintEngine.Apply(UpperConstraints.Parse(Upper, "u"), [], [],
            MarkerEnvironment.Linux("3.12"));
        Assert.Equal("5.2.0", Assert.Single(result.Pins, x => x.Name == "glance_store").Version);
    }

    [Theory]
    [InlineData("cryptography===43.0.3+p1", "cryptography===43.0.3+p1", "Replaced cryptography 43.0.3 -> 43.0.3+p1")]
    [InlineData("Glance.Store===5.2.0+p2", "glance_store===5.2.0+p2",
        "Replaced glance_store 4.10.0; python_version == '3.9', 5.2.0; python_version >= '3.10' -> 5.2.0+p2")]
    [InlineData("new===1.0+p1", "new===1.0+p1", "Added new  -> 1.0+p1")]
    public void WheelBuiltFromSourceIsPinned(string pin, string line, string change)
    {
        var result = ConstraintEngine.Apply(UpperConstraints.Parse(Upper, "u"),
            [ConstraintOverrides.OfWheel(Pin.TryParse(pin, out _)!, "r", 7, 1)], []);
        Assert.Single(result.Lines, x => x.ToString() == line);
        var made = Assert.Single(result.Changes);
        Assert.Equal((change, "built from source"), ($"{made.Kind} {made.Name} {made.From} -> {made.To}", made.Why));
    }

    [Fact]
    public void OverrideOfWhatIsBuiltFromSourceIsOverruled()
    {
        var result = ConstraintEngine.Apply(UpperConstraints.Parse(Upper, "u"),
            [
                ConstraintOverrides.Parse("-cryptography", "o"),
                ConstraintOverrides.OfWheel(Pin.TryParse("cryptography===43.0.3+p1", out _)!, "r", 7, 1),
            ], []);
        Assert.Equal("43.0.3+p1", Assert.Single(result.Pins, x => x.Name == "cryptography").Version);
    }

    static ConstraintResult Apply(string overrides) =>
        ConstraintEngine.Apply(UpperConstraints.Parse(Upper, "u"), [ConstraintOverrides.Parse(overrides, "o")], []);
}
