using OpenStack.Answers;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Answers;

public sealed class ImageListTests
{
    static ImageList List
    {
        get
        {
            var facts = new Facts();
            facts.Find<string>("version", () => throw new ProblemException("nobody knows", "Run the target Patch"));
            facts.Find<string>("tags", () => throw new ProblemException("nobody knows", "Run the target Patch"));
            facts.Find<string>("publishedDigest", () => throw new ProblemException("nobody was asked"));
            return new ImageList(
            [
                new ListedImage("nova", "2025.1", ImageKind.Python, "31.3.1")
                {
                    RefKind = RefKind.Tag,
                    Commit = new string('1', 40),
                    Version = "31.3.1",
                    Status = "maintained",
                    Patches = ["patches/nova/2025.1/0001-x.patch"],
                    Repository = "ghcr.io/c5c3/nova",
                    Tags = ["31.3.1-p1-main-1234567", "2025.1"],
                    Digest = $"sha256:{new string('a', 64)}",
                    NotKnown = new Dictionary<string, string>(),
                },
                new ListedImage("ovn", "2025.1", ImageKind.Native, "main")
                {
                    Repository = "ghcr.io/c5c3/ovn",
                    NotKnown = facts.NotKnown,
                },
            ]);
        }
    }

    [Fact]
    public Task PeopleReadATableAndWhyTheRestIsNotKnown() => Verify(List.Text);

    [Fact]
    public Task ProgramsReadAllOfIt() => Verify(List.ToJson());

    [Fact]
    public async Task WhatIsFoundIsNoReason()
    {
        var facts = new Facts();
        Assert.Equal(1, facts.Find("one", () => 1));
        Assert.Null(await facts.FindAsync<string>("two", () => throw new ProblemException("It is gone", "Look")));
        Assert.Equal(new Dictionary<string, string> { ["two"] = "It is gone. Look" }, facts.NotKnown);
    }
}
