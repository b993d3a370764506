using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Tests.Storage;

public sealed class StageTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Removal.Remove(_directory);

    [Fact]
    public async Task TheSameInputsAreMadeOnceAndOthersAgain()
    {
        Assert.True(await MakeAsync("1"));
        Assert.False(await MakeAsync("1"));
        Assert.True(await MakeAsync("2"));
        Assert.Equal("2", await File.ReadAllTextAsync(_directory / "out/file"));
    }

    [Fact]
    public async Task AFailedOrKilledMakingLeavesTheOldOutputAndIsRepeated()
    {
        await MakeAsync("1");
        await Assert.ThrowsAsync<IOException>(() => StageOf("2").MakeAsync(aside =>
        {
            Directory.CreateDirectory(aside);
            throw new IOException("killed");
        }));
        Assert.Equal("1", await File.ReadAllTextAsync(_directory / "out/file"));
        Assert.True(await MakeAsync("2"));
    }

    [Fact]
    public async Task AnOutputWithoutItsRecordIsMadeAgain()
    {
        await MakeAsync("1");
        File.Delete(_directory / "out.inputs.json");
        Assert.True(await MakeAsync("1"));
    }

    [Fact]
    public async Task TwoThatWantTheSameOutputTakeTurns()
    {
        var makings = 0;
        var waits = 0;
        var watch = new Watch();
        async Task Make() => await StageOf("1").MakeAsync(async aside =>
        {
            Interlocked.Increment(ref makings);
            await Task.Delay(150);
            await File.WriteAllTextAsync(aside, "1");
        }, () =>
        {
            Interlocked.Increment(ref waits);
            return watch.Begin("waiting");
        });
        await Task.WhenAll(Task.Run(Make), Task.Run(Make), Task.Run(Make));
        Assert.Equal(1, makings);
        Assert.Equal(2, waits);
        Assert.Empty(watch.UnderWay);
    }

    [Theory]
    [InlineData("mkdir -p out.making/a && touch \"out.making/a/caf$(printf '\\351').txt\"")]
    [InlineData("mkdir -p out.making.old && ln -s nowhere out.making.old/link && ln -s nowhere out.making")]
    [InlineData("mkdir -p \"out.making/$(printf '\\377\\376')/b\" && touch out.making.old")]
    [InlineData("mkfifo out.making && mkdir -p out.making.old/a && chmod 0 out.making.old/a out.making.old")]
    [InlineData("mkdir -p out.inputs.json out.lock/a && touch out")]
    [InlineData("ln -s nowhere out && touch out.inputs.json.1-2.tmp")]
    [InlineData("mkdir -p out/a && touch \"out/a/$(printf '\\351')\" && chmod 555 out/a out && echo '{}' > "
        + "out.inputs.json")]
    public async Task WhateverARunLeftBehindTheNextGetsPast(string left)
    {
        await new Command("sh", "-c", left) { WorkingDirectory = _directory }.RequireAsync();
        Assert.True(await MakeAsync("1"));
        Assert.Equal("1", await File.ReadAllTextAsync(_directory / "out/file"));
        Assert.Equal(["out", "out.inputs.json", "out.lock", "out.took.json"], Directory.GetFileSystemEntries(_directory)
            .Select(x => Path.GetFileName(x)).Order(StringComparer.Ordinal));
        Assert.False(await MakeAsync("1"));
    }

    /// <summary>Root may write to what nobody may write to, so this is tried by somebody else.</summary>
    [Fact]
    public async Task WhatNobodyMayWriteToIsRemovedByItsOwner()
    {
        const string Script = "mkdir -p left/a/b; touch left/a/b/c; chmod 500 left/a/b; chmod 0 left/a; chmod 500 left";
        var directory = _directory / "left";
        await new Command("sh", "-ec", Script) { WorkingDirectory = _directory }.RequireAsync();
        if (Environment.UserName == "root")
        {
            await new Command("chown", "-R", "65534", _directory).RequireAsync();
            foreach (var (program, arguments) in Removal.Programs(directory))
                await new Command("setpriv", ["--reuid=65534", "--clear-groups", program, .. arguments]).RequireAsync();
        }
        else
        {
            Removal.Remove(directory);
        }

        Assert.False(Removal.IsThere(directory));
    }

    [Fact]
    public void WhatCannotBeRemovedIsNamed()
    {
        if (!Directory.Exists("/proc/self")) return;
        Assert.Contains("/proc/self/fd cannot be removed",
            Assert.Throws<ProblemException>(() => Removal.Remove("/proc/self/fd")).Message);
    }

    [Fact]
    public void ALinkIsRemovedAndNotWhatItLeadsTo()
    {
        Directory.CreateDirectory(_directory / "there");
        Directory.CreateSymbolicLink(_directory / "link", _directory / "there");
        Removal.Remove(_directory / "link");
        Assert.Equal((string)(_directory / "there"), Assert.Single(Directory.GetFileSystemEntries(_directory)));
    }

    [Fact]
    public void ALockThatIsADirectoryOrMayNotBeWrittenToIsTaken()
    {
        Directory.CreateDirectory(_directory / "a" / "b");
        using (var held = FileLock.TryAcquire(_directory / "a"))
        {
            Assert.NotNull(held);
            Assert.Null(FileLock.TryAcquire(_directory / "a"));
        }

        File.WriteAllText(_directory / "c", "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_directory / "c", UnixFileMode.None);
        using var other = FileLock.TryAcquire(_directory / "c");
        Assert.NotNull(other);
        Assert.Null(FileLock.TryAcquire(_directory / "c"));
    }

    Stage StageOf(string value) => new(_directory / "out", new StageInputs().Add("value", value));

    Task<bool> MakeAsync(string value) => StageOf(value).MakeAsync(async aside =>
    {
        Directory.CreateDirectory(aside);
        await File.WriteAllTextAsync(aside / "file", value);
    });
}
