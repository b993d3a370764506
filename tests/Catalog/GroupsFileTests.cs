using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

public sealed class GroupsFileTests : IDisposable
{
    const string File = "images/groups.yaml";

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void AGroupHasItsServices()
    {
        var groups = _repository.Write(File, "core: [nova, keystone]\nsome:\n  - nova\n").Load().Groups;
        Assert.Equal(["core", "some"], groups.Keys);
        Assert.Equal(["nova", "keystone"], groups["core"]);
        Assert.Equal(["nova"], groups["some"]);
    }

    [Fact]
    public void WithoutTheFileThereAreNone() => Assert.Empty(_repository.Load().Groups);

    [Theory]
    [InlineData("core: [novaa, python-base]",
        ":1:8: there is no service 'novaa'. Did you mean 'nova'?",
        ":1:15: there is no service 'python-base'. Services are keystone, nova")]
    [InlineData("core: []", ":1:7: the group 'core' has no service. Name its services, or remove it")]
    [InlineData("core: nova", ":1:7: there is text; expected a list. Write '- nova' in a line of its own")]
    [InlineData("core: [nova, nova]", ":1:14: 'nova' is there twice. Remove one of them")]
    [InlineData("Core: [nova]", ":1:1: 'Core' is not the name of a group; expected lower-case letters, digits and - "
        + "that begin with a letter, as in core")]
    [InlineData("- nova", ":1:1: there is a list; expected a mapping of groups to lists of services")]
    public void MistakeIsReported(string text, params string[] expected) =>
        Assert.Equal(expected.Select(x => File + x), _repository.Write(File, text).Problems());

    [Fact]
    public void ANearMissOfTheFileNameIsReported() =>
        Assert.Equal(["images/group.yaml: a file stands where directories belong. Did you mean 'groups.yaml'?"],
            _repository.Write("images/group.yaml", "").Problems());

    [Theory]
    [InlineData("a: [nova, keystone]\n", "a: [keystone]\n")]
    [InlineData("a: [keystone, nova]  # why\n", "a: [keystone]  # why\n")]
    [InlineData("a: [x, nova, y]\nb: [\"nova\", y]\n", "a: [x, y]\nb: [y]\n")]
    [InlineData("a: [x,\n  nova,\n  y]\n", "a: [x,\n  y]\n")]
    [InlineData("a: [x,\n  nova]\n", "a: [x,\n  ]\n")]
    [InlineData("a:\n  - x\n  - nova # why\n  - y\n", "a:\n  - x\n  - y\n")]
    [InlineData("x: [y]\n\n# a\na: [nova]\n\n# b\nb: [x]\n", "x: [y]\n\n# b\nb: [x]\n")]
    [InlineData("a: [nova]\nb: [nova]\n", "")]
    [InlineData("a: [nova-x]\n", "a: [nova-x]\n")]
    public void AServiceIsTakenOut(string text, string expected) =>
        Assert.Equal(expected, GroupsFile.Without(text, "nova"));
}
