namespace OpenStack.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("snapshot-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task FirstRunFailsAndLeavesWhatItReceived()
    {
        await Assert.ThrowsAsync<VerifyException>(() => Compare("a\r\nb"));
        Assert.Equal("a\nb", await File.ReadAllTextAsync(PathOf("received")));
        Assert.False(File.Exists(PathOf("verified")));
    }

    [Fact]
    public async Task LineEndsAndByteOrderMarkDoNotCount()
    {
        await File.WriteAllTextAsync(PathOf("verified"), "\uFEFFa\r\nb");
        await File.WriteAllTextAsync(PathOf("received"), "of an earlier run");
        await Compare("a\nb");
        Assert.False(File.Exists(PathOf("received")));
    }

    [Fact]
    public async Task AnotherTextFails()
    {
        await File.WriteAllTextAsync(PathOf("verified"), "a");
        var error = await Assert.ThrowsAsync<VerifyException>(() => Compare("b"));
        Assert.Contains("NotEqual", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VerifyException>(() => Compare("a\n"));
    }

    [Fact]
    public void TheTestThatRunsIsKnown() =>
        Assert.Equal(nameof(TheTestThatRunsIsKnown), UseVerifyAttribute.CurrentTest().Name);

    [Fact]
    public async Task TheTestThatRunsIsKnownAfterWaiting()
    {
        await Task.Delay(1);
        Assert.Equal(nameof(TheTestThatRunsIsKnownAfterWaiting), UseVerifyAttribute.CurrentTest().Name);
    }

    Task<VerifyResult> Compare(string text) =>
        Snapshot.Of(typeof(SnapshotTests).GetMethod(nameof(AnotherTextFails))!, Path.Combine(_directory, "X.cs"), "txt")
            .CompareAsync(text);

    string PathOf(string kind) =>
        Path.Combine(_directory, $"{nameof(SnapshotTests)}.{nameof(AnotherTextFails)}.{kind}.txt");
}
