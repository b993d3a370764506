using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Tests.Storage;

public sealed class StageTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

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
        async Task Make() => await StageOf("1").MakeAsync(async aside =>
        {
            Interlocked.Increment(ref makings);
            await Task.Delay(150);
            await File.WriteAllTextAsync(aside, "1");
        }, () => Interlocked.Increment(ref waits));
        await Task.WhenAll(Task.Run(Make), Task.Run(Make), Task.Run(Make));
        Assert.Equal(1, makings);
        Assert.Equal(2, waits);
    }

    Stage StageOf(string value) => new(_directory / "out", new StageInputs().Add("value", value));

    Task<bool> MakeAsync(string value) => StageOf(value).MakeAsync(async aside =>
    {
        Directory.CreateDirectory(aside);
        await File.WriteAllTextAsync(aside / "file", value);
    });
}
