using Nuke.Common.IO;
using OpenStack.Lab;
using static OpenStack.Tests.Lab.DebBuilder;

namespace OpenStack.Tests.Lab;

/// <summary>
/// Small packages, each with one of the peculiarities that Debian's real ones have, repacked together.
/// </summary>
public sealed class SmallWheelhouse : IAsyncLifetime, IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public AbsolutePath Wheels => _directory.Path / "wheels";

    /// <summary>Directories whose wheels may be linked to.</summary>
    public IReadOnlyList<AbsolutePath> Others { get; init; } = [];

    /// <summary>A script of the application.</summary>
    public string EntryPoint { get; init; } = "app";

    public string Constraints { get; private set; } = "";

    public string Report { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var debs = new DebBuilder(_directory.Path);
        AbsolutePath[] files =
        [
            await debs.BuildAsync("python3-app", "1.0-2",
                "Depends: python3-distone (>= 1), python3-native-api, python3-setuptools, libc6",
                (Modules + "app/__init__.py", ""), (Modules + "app/__pycache__/x.pyc", ""),
                (Modules + "app-1.0.dev0.egg-info/PKG-INFO", "Metadata-Version: 1.1\nName: app\nVersion: 1.0.dev0\n"),
                (Modules + "app-1.0.dev0.egg-info/entry_points.txt", $"[console_scripts]\n{EntryPoint} = app:main\n"),
                (Modules + "app-1.0.dev0.egg-info/requires.txt",
                    "dist-two>=9\noslo.lib>=1\nnowhere\nkeystone>=1\n\n[ldap]\npython-ldap\n")),
            await debs.BuildAsync("python3-native", "2.0-1", "Source: native\nDepends: python3-native-backend",
                (Modules + "native/__init__.py", ""),
                (Modules + "native-2.0.dist-info/METADATA",
                    "Metadata-Version: 2.1\nName: native\nVersion: 2.0\n\nabout\n")),
            await debs.BuildAsync("python3-native-backend", "2.0-1",
                "Source: native\nProvides: python3-native-api\nDepends: libfoo1 | libfoo.so.1, libc6",
                (Modules + "_native_backend.cpython-313-x86_64-linux-gnu.so", "elf"),
                (Modules + "_native_backend.cpython-312-x86_64-linux-gnu.so", "elf")),
            await debs.BuildAsync("python3-oslo.lib", "3.1+ds-1", "Depends: lib-data",
                (Modules + "oslo_lib/__init__.py", ""), (Modules + "oslo_lib/data", "-> ../../../../share/lib-data"),
                (Modules + "oslo_lib/alias.txt", "-> real.txt"),
                (Modules + "oslo_lib/real.txt", "text"), (Modules + "oslo_lib/gone", "-> /usr/share/nowhere"),
                (Modules + "oslo.lib-3.1.dist-info/METADATA",
                    "Metadata-Version: 2.1\nName: oslo.lib\nVersion: 3.1+ds\n")),
            await debs.BuildAsync("lib-data", "1", "", ("usr/share/lib-data/de/locale.dat", "de")),
            await debs.BuildAsync("python3-distone", "1.1-1", "",
                (Modules + "one.py", ""), (Modules + "two/__init__.py", ""),
                (Modules + "dist_one-1.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: dist-one\nVersion: 1.1\n"),
                (Modules + "dist_one-1.1.dist-info/top_level.txt", "one\n"),
                (Modules + "dist_two-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: dist-two\nVersion: 1.2\n"),
                (Modules + "dist_two-1.2.dist-info/top_level.txt", "two\n")),
            await debs.BuildAsync("python3-keystone", "2:27.0.0-1", "",
                (Modules + "keystone/__init__.py", ""),
                (Modules + "keystone-27.0.0.dist-info/METADATA",
                    "Metadata-Version: 2.1\nName: keystone\nVersion: 27.0.0\n")),
            await debs.BuildAsync("python3-xstatic-fancy", "0.9.1-1", "Depends: libjs-fancy, python3:any",
                (Modules + "xstatic/pkg/fancy/__init__.py", "#BASE_DIR = join(dirname(__file__), 'data')\n"
                    + "BASE_DIR = '/usr/share/javascript/' + NAME\nLOCATIONS = {}\n"),
                (Modules + "xstatic/pkg/fancy/data/fancy.min.js",
                    "-> ../../../../../../../share/javascript/fancy/js/fancy.min.js"),
                (Modules + "XStatic_Fancy-0.9.0.egg-info/PKG-INFO",
                    "Metadata-Version: 1.1\nName: XStatic-Fancy\nVersion: 0.9.0\n")),
            await debs.BuildAsync("libjs-fancy", "1-1", "Depends: fonts-fancy, libjs-more",
                ("usr/share/javascript/fancy/fancy.js", "fancy"), ("usr/share/javascript/fancy/js", "-> ../fancy-1"),
                ("usr/share/javascript/fancy/here", "-> ."),
                ("usr/share/javascript/fancy-1/fancy.min.js", "min"),
                ("usr/share/javascript/fancy/fonts", "-> /usr/share/fonts-fancy")),
            await debs.BuildAsync("libjs-more", "1-1", "", ("usr/share/javascript/fancy/more.js", "more")),
            await debs.BuildAsync("fonts-fancy", "1-1", "",
                ("usr/share/fonts-fancy/f.ttf", "-> ../fonts/truetype/f.ttf"),
                ("usr/share/fonts/truetype/f.ttf", "font")),
            await debs.BuildAsync("prog-core", "1:2.0.28+ds-9", "Depends: libbar2", ("usr/bin/prog-core", "binary")),
        ];
        _directory.Write("data/prog", "#!/bin/sh\n");
        (Constraints, Report) = await Of("keystone").MakeAsync(files, Wheels, Others, default);
    }

    internal Wheelhouse Of(string name) => Data() is var data
        ? new Wheelhouse(data, data.Architectures.Single(), _directory.Path / "data", name, new DebReader(default))
            : null!;

    LabData Data() => LabData.Read(_directory.Write("data/lab.yaml", """
        suite: trixie
        python: "3.13"
        architectures: [{platform: linux/amd64, debian: amd64, machine: x86_64, elf: 62}]
        emulator: qemu-user
        tools: {packages: [], hostPackages: []}
        cosign: {suite: forky, packages: []}
        engine: {percentOfFree: 50, atLeast: 1, atMost: 2, loadedImages: x/*, keptImages: 1}
        baseImage: {builder: b, packages: [], dpkgOptions: [], aptOptions: []}
        wheelhouse:
          services: {keystone: [python3-app]}
          common: []
          builds: []
          without: [keystone]
          unneeded: [dist-one]
          stubs: {tzdata: "2025.2"}
          versions: {XStatic_Fancy: "0.9.1"}
          programs:
            - name: Prog
              packages: [prog-core]
              files: {lib/prog/core: usr/bin/prog-core}
              script: prog
        sources: []
        """));

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _directory.Dispose();
}
