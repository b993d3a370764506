using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

public sealed class RefLockTests : IDisposable
{
    static readonly string s_one = new('1', 40);
    static readonly string s_two = new('2', 40);

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task OneLinePerComponentAndReadBack()
    {
        var refs = Lock(("nova", "31.3.1", s_two), ("keystone", "27.0.2", s_one));
        var file = _repository.Root / "new" / RefLock.Name;
        refs.Write(file);
        var read = RefLock.Read(file, "f");
        Assert.Equal(new LockedRef("nova", "31.3.1", s_two, "f", 5), read.Find("nova", "refs/tags/31.3.1"));
        Assert.Null(read.Find("nova", "31.3.2"));
        Assert.Null(read.Find("glance", "31.3.1"));
        await Verifier.Verify(await File.ReadAllTextAsync(file));
    }

    [Fact]
    public void WhatIsNoLongerAmongTheRefsIsDropped()
    {
        var old = Lock(("keystone", "27.0.1", s_one), ("nova", "31.3.1", s_one), ("oslo.config", "9.7.1", s_one),
            ("gone", "1.0.0", s_one));
        var now = old.With([new LockedRef("keystone", "27.0.2", s_two)],
            _repository.Load().Releases["2025.1"].SourceRefs);
        Assert.Equal(Lock(("keystone", "27.0.2", s_two), ("oslo.config", "9.7.1", s_one)).ToText(), now.ToText());
        Assert.Equal([$"keystone 27.0.2 is at {s_two}", "gone 1.0.0 is no longer among the refs",
            "nova 31.3.1 is no longer among the refs"], now.ChangesSince(old));
    }

    [Fact]
    public void WithoutALineThereIsNoFile()
    {
        var file = _repository.Root / RefLock.Name;
        Lock(("nova", "31.3.1", s_two)).Write(file);
        File.WriteAllLines(file, File.ReadLines(file).Take(2));
        var read = RefLock.Read(file, "f");
        Assert.Empty(read.Refs);
        read.Write(file);
        Assert.False(File.Exists(file));
        Assert.Empty(RefLock.Read(file, "f").Refs);
    }

    [Theory]
    [InlineData("nova: \"31.3.1\"\n", "f:1:1: the entry of nova is not understood; expected nova: { tag: \"27.0.2\", "
        + "commit: \"40 or 64 hexadecimal digits\" }. Delete the line; the next run records it again")]
    [InlineData("nova: { tag: \"31.3.1\", commit: \"12\" }\n", "f:1:1: the entry of nova is not understood; ")]
    [InlineData("nova: { tag: 31.3, commit: \"1111111111111111111111111111111111111111\" }\n",
        "f:1:1: the entry of nova is not understood; ")]
    [InlineData("[]\n", "f:1:1: there is a list; expected a mapping of component to tag and commit")]
    [InlineData("<<<<<<< HEAD\nnova: { tag: \"1\", commit: \"2\" }\n=======\n", "f:")]
    public void Mistakes(string text, string expected)
    {
        var problems = new List<Problem>();
        RefLock.Parse(text, "f", problems);
        Assert.StartsWith(expected, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    static RefLock Lock(params (string Component, string Tag, string Commit)[] refs) =>
        new(refs.ToDictionary(x => x.Component, x => new LockedRef(x.Component, x.Tag, x.Commit)));
}
