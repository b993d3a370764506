using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

public sealed class ImageFileTests : IDisposable
{
    const string File = "images/nova/image.yaml";

    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void AnImageSaysWhatItHasOfItsOwn()
    {
        var images = _repository.Write(File, "shell: /bin/bash\ndirectories: [/var/lib/nova/instances]\n")
            .Load().ImageData;
        Assert.Equal("/bin/bash", images["nova"].Shell);
        Assert.Equal(["/var/lib/nova/instances"], images["nova"].Directories);
        Assert.Same(ImageData.Default, images["python-base"]);
    }

    [Theory]
    [InlineData("shel: /bin/bash",
        ":1:1: 'shel' is not known here; expected shell, directories, setuid-programs. Did you mean 'shell'?")]
    [InlineData("shell: bash", ":1:8: 'bash' is not the name of a path; expected an absolute path of letters, digits "
        + "and . _ - as in /var/lib/nova/instances")]
    [InlineData("directories: [/var/../etc]", ":1:15: '/var/../etc' is not the name of a path; expected an absolute "
        + "path of letters, digits and . _ - as in /var/lib/nova/instances")]
    [InlineData("directories: ['/a b; rm -rf /']", ":1:15: '/a b; rm -rf /' is not the name of a path; expected an "
        + "absolute path of letters, digits and . _ - as in /var/lib/nova/instances")]
    [InlineData("directories: /a", ":1:14: there is text; expected a list. Write '- /a' in a line of its own")]
    [InlineData("[]", ":1:1: there is a list; expected a mapping of shell, directories, setuid-programs")]
    public void MistakeIsReported(string text, string expected) =>
        Assert.Equal([File + expected], _repository.Write(File, text).Problems());

    [Fact]
    public void ANearMissOfAFileNameIsReported() =>
        Assert.Equal(["images/nova/image.yml: this file is not read. Did you mean 'image.yaml'?"],
            _repository.Write("images/nova/image.yml", "").Problems());

    [Fact]
    public void SystemPackagesAreThoseOfTheProfiles()
    {
        var catalog = _repository
            .Write("images/bindep.txt", "tzdata [base]\nlvm2 [nova]\nxmlsec1 [keystone nova]\n")
            .Load();
        Assert.Equal(["tzdata"], catalog.SystemPackagesOf("ubuntu-noble", "python-base"));
        Assert.Equal(["lvm2", "xmlsec1"], catalog.SystemPackagesOf("ubuntu-noble", "nova"));
        Assert.Equal(["images/bindep.txt:1:1: there is no profile 'novaa'; expected platform:… or one of keystone, "
            + "keystone-apache, nova, base. Did you mean 'nova'?"],
            _repository.Write("images/bindep.txt", "lvm2 [novaa]\n").Problems());
        Assert.Equal(["images/bindeps.txt: a file stands where directories belong. Did you mean 'bindep.txt'?"],
            _repository.Write("images/bindep.txt", "").Write("images/bindeps.txt", "").Problems());
    }
}
