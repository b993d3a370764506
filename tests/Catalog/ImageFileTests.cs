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

    [Fact]
    public void ModulesAreCompiledUnlessItSaysOtherwise()
    {
        Assert.Equal(CompiledModules.All, ImageData.Default.ByteCode);
        Assert.Equal(CompiledModules.Service,
            _repository.Write(File, "byte-code: service\n").Load().ImageData["nova"].ByteCode);
    }

    [Theory]
    [InlineData("shel: /bin/bash",
        ":1:1: 'shel' is not known here; expected kind, shell, directories, setuid-programs, byte-code. Did you mean "
        + "'shell'?")]
    [InlineData("shell: bash", ":1:8: 'bash' is not the name of a path; expected an absolute path of letters, digits "
        + "and . _ - as in /var/lib/nova/instances")]
    [InlineData("directories: [/var/../etc]", ":1:15: '/var/../etc' is not the name of a path; expected an absolute "
        + "path of letters, digits and . _ - as in /var/lib/nova/instances")]
    [InlineData("directories: ['/a b; rm -rf /']", ":1:15: '/a b; rm -rf /' is not the name of a path; expected an "
        + "absolute path of letters, digits and . _ - as in /var/lib/nova/instances")]
    [InlineData("directories: /a", ":1:14: there is text; expected a list. Write '- /a' in a line of its own")]
    [InlineData("[]", ":1:1: there is a list; expected a mapping of kind, shell, directories, "
        + "setuid-programs, byte-code")]
    [InlineData("kind: nativ", ":1:7: 'nativ' is no kind of image; expected python, native. Did you mean 'native'?")]
    [InlineData("byte-code: some", ":1:12: 'some' is not a choice of modules; expected all, service, none")]
    [InlineData("kind: [native]", ":1:7: there is a list; expected text")]
    public void MistakeIsReported(string text, string expected) =>
        Assert.Equal([File + expected], _repository.Write(File, text).Problems());

    /// <summary>A plugin is of the kind of the image that names it; libraries are for Python images alone.</summary>
    [Fact]
    public void WhatIsNativeIsBuiltFromItsOwnSourcesAlone()
    {
        var catalog = _repository.Write(File, "kind: native\n")
            .Write("images/bindep.txt", "autoconf [nova-build]\n")
            .Write("releases/2025.1/source-refs.yaml", "keystone: a\nnova: a\novs: a\nlibrary: a\n")
            .Write("releases/2025.1/extra-packages.yaml", "nova:\n  plugins: [ovs]\n")
            .Load();
        Assert.Equal([ImageKind.Native, ImageKind.Native, ImageKind.Python, ImageKind.Python],
            new[] { "nova", "ovs", "library", "keystone" }.Select(catalog.KindOf));
        Assert.Equal(["ovs"], catalog.LibrariesOf(catalog.Releases["2025.1"], "nova"));
        Assert.Equal(["library"], catalog.LibrariesOf(catalog.Releases["2025.1"], "keystone"));
        Assert.Equal(["autoconf"], catalog.SystemPackagesOf("ubuntu-noble", ReleaseCatalog.BuildProfileOf("nova")));
    }

    [Fact]
    public void WhatMeansNothingToANativeImageIsReported() =>
        Assert.Equal([
            "releases/2025.1/extra-packages.yaml: nova is no Python distribution, and gets no Python packages. Remove "
                + "it; its own Dockerfile installs what it takes",
            "releases/2025.1/entry-points.yaml: nova is no Python distribution, and has no entry points. Remove it; "
                + "its own Dockerfile installs what it takes"],
            _repository.Write(File, "kind: native\n")
                .Write("releases/2025.1/extra-packages.yaml", "nova:\n  pip-packages: [uwsgi]\n")
                .Write("releases/2025.1/entry-points.yaml", "nova:\n  scripts: [nova-api]\n").Problems());

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
            + "keystone-apache, keystone-test, nova, nova-test, base. Did you mean 'nova'?"],
            _repository.Write("images/bindep.txt", "lvm2 [novaa]\n").Problems());
        Assert.Equal(["images/bindeps.txt: a file stands where directories belong. Did you mean 'bindep.txt'?"],
            _repository.Write("images/bindep.txt", "").Write("images/bindeps.txt", "").Problems());
    }
}
