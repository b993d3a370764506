using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Packages;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Tests.Lab;

public sealed class WheelhouseTests(SmallWheelhouse wheelhouse) : IClassFixture<SmallWheelhouse>
{
    AbsolutePath Wheels => wheelhouse.Wheels;

    [Fact]
    public void Requirements_come_from_the_egg_and_from_the_package_relations()
    {
        var metadata = Metadata("app-1.0-py3-none-any.whl");
        Assert.Equal("1.0", metadata.Version);
        Assert.Equal(["dist-two", "oslo.lib>=1", "keystone>=1", "python-ldap ; extra == 'ldap'", "native"],
            metadata.Requirements);
        Assert.Equal(["ldap"], metadata.All("Provides-Extra"));
        Assert.Contains("[console_scripts]", Read("app-1.0-py3-none-any.whl", "app-1.0.dist-info/entry_points.txt"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_without_metadata_join_the_distribution_of_their_source()
    {
        var names = Names("native-2.0-cp313-cp313-linux_x86_64.whl");
        Assert.Contains("_native_backend.cpython-313-x86_64-linux-gnu.so", names);
        Assert.DoesNotContain("_native_backend.cpython-312-x86_64-linux-gnu.so", names);
        Assert.DoesNotContain(names, x => x.Contains("__pycache__", StringComparison.Ordinal));
        Assert.Contains("\"native\": [\n      \"libfoo1\"\n    ]", wheelhouse.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_into_other_packages_become_files()
    {
        Assert.Equal("de", Read("oslo_lib-3.1-py3-none-any.whl", "oslo_lib/data/de/locale.dat"));
        Assert.Equal("text", Read("oslo_lib-3.1-py3-none-any.whl", "oslo_lib/alias.txt"));
        Assert.Contains("link oslo_lib/gone to missing usr/share/nowhere left out", wheelhouse.Report,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Static_files_that_Debian_spreads_over_packages_lie_in_their_wheel()
    {
        const string Wheel = "xstatic_fancy-0.9.1-py3-none-any.whl";
        const string Data = "xstatic/pkg/fancy/data/";
        var files = Names(Wheel)
            .Where(x => x.StartsWith(Data, StringComparison.Ordinal))
            .ToDictionary(x => x[Data.Length..], x => Read(Wheel, x));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["fancy.js"] = "fancy",
                ["fancy.min.js"] = "min",
                ["fonts/f.ttf"] = "font",
                ["js/fancy.min.js"] = "min",
                ["more.js"] = "more",
            }, files);
        Assert.Equal(
            "#BASE_DIR = join(dirname(__file__), 'data')\nfrom os.path import dirname, join\n"
            + "BASE_DIR = join(dirname(__file__), 'data')\nLOCATIONS = {}\n",
            Read(Wheel, "xstatic/pkg/fancy/__init__.py"));
        Assert.Contains("version 0.9.0 written as 0.9.1", wheelhouse.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_distributions_of_one_package_are_told_apart()
    {
        Assert.Contains("one.py", Names("dist_one-1.1-py3-none-any.whl"));
        Assert.DoesNotContain("two/__init__.py", Names("dist_one-1.1-py3-none-any.whl"));
        Assert.Contains("two/__init__.py", Names("dist_two-1.2-py3-none-any.whl"));
    }

    [Fact]
    public void Constraints_pin_every_wheel_and_no_service()
    {
        Assert.Equal(
            ["app===1.0", "dist-one===1.1", "dist-two===1.2", "native===2.0", "oslo-lib===3.1", "prog===2.0.28",
                "tzdata===2025.2", "xstatic-fancy===0.9.1"],
            wheelhouse.Constraints.Split('\n').Where(x => x.Length > 0 && !x.StartsWith('#')));
    }

    [Fact]
    public void A_program_lies_in_the_environment_with_its_script()
    {
        const string Wheel = "prog-2.0.28-cp313-cp313-linux_x86_64.whl";
        Assert.Equal("binary", Read(Wheel, "prog-2.0.28.data/data/lib/prog/core"));
        Assert.Equal("#!/bin/sh\n", Read(Wheel, "prog-2.0.28.data/scripts/prog"));
        using var archive = ZipFile.OpenRead(Wheels / Wheel);
        Assert.Equal(0b111_101_101,
            (archive.GetEntry("prog-2.0.28.data/scripts/prog")!.ExternalAttributes >> 16) & 0b111_111_111);
    }

    [Fact]
    public void The_record_holds_every_file_with_its_hash()
    {
        foreach (var wheel in Directory.EnumerateFiles(Wheels))
        {
            using var archive = ZipFile.OpenRead(wheel);
            var record = archive.Entries.Single(x => x.Name == "RECORD");
            var lines = ReadText(record)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => x.Split(','))
                .ToDictionary(x => x[0]);
            Assert.Equal(archive.Entries.Select(x => x.FullName).Order(StringComparer.Ordinal),
                lines.Keys.Order(StringComparer.Ordinal));
            foreach (var entry in archive.Entries.Where(x => x != record))
            {
                using var stream = entry.Open();
                Assert.Equal("sha256=" + Base64Url.EncodeToString(SHA256.HashData(stream)), lines[entry.FullName][1]);
            }
        }
    }

    [Fact]
    public async Task The_same_packages_make_the_same_bytes()
    {
        using var again = new SmallWheelhouse();
        await again.InitializeAsync();
        Assert.Equal(Digest.OfDirectory(Wheels), Digest.OfDirectory(again.Wheels));
    }

    [Fact]
    public async Task A_wheel_that_another_service_has_takes_no_space_again_and_one_that_differs_is_left_alone()
    {
        using var again = new SmallWheelhouse { Others = [Wheels] };
        AbsolutePath differing = Wheels / "app-1.0-py3-none-any.whl";
        var before = await File.ReadAllBytesAsync(differing);
        await again.InitializeAsync();
        Assert.Equal(Digest.OfDirectory(Wheels), Digest.OfDirectory(again.Wheels));
        Assert.Equal(Inode(Wheels / "native-2.0-cp313-cp313-linux_x86_64.whl"),
            Inode(again.Wheels / "native-2.0-cp313-cp313-linux_x86_64.whl"));
        using var other = new SmallWheelhouse { Others = [Wheels], EntryPoint = "other" };
        await other.InitializeAsync();
        Assert.NotEqual(Inode(differing), Inode(other.Wheels / differing.Name));
        Assert.NotEqual(before, await File.ReadAllBytesAsync(other.Wheels / differing.Name));
        Assert.Equal(before, await File.ReadAllBytesAsync(differing));
    }

    [Fact]
    public void Of_a_closure_only_Python_packages_programs_and_what_has_no_machine_code_is_needed()
    {
        AptPackage Package(string name, string architecture) =>
            new(name, "1", architecture, $"{name}_1_{architecture}.deb", 1);
        AptPackage[] closure =
            [Package("python3-lxml", "amd64"), Package("libc6", "amd64"), Package("libjs-jquery", "all"),
            Package("prog-core", "amd64")];
        Assert.Equal(["python3-lxml", "libjs-jquery", "prog-core"],
            wheelhouse.Of("keystone").NeededOf(closure).Select(x => x.Name));
        Assert.Equal(["python3-lxml", "libjs-jquery"],
            wheelhouse.Of(WheelhouseData.Libraries).NeededOf(closure).Select(x => x.Name));
    }

    static string Inode(AbsolutePath file) =>
        new Command("stat", "--format", "%d:%i", file).RequireAsync().GetAwaiter().GetResult().Text;

    CoreMetadata Metadata(string wheel) =>
        CoreMetadata.Parse(Read(wheel, $"{string.Join('-', wheel.Split('-').Take(2))}.dist-info/METADATA"));

    string Read(string wheel, string entry)
    {
        using var archive = ZipFile.OpenRead(Wheels / wheel);
        return ReadText(archive.GetEntry(entry) ?? throw new FileNotFoundException(entry));
    }

    List<string> Names(string wheel)
    {
        using var archive = ZipFile.OpenRead(Wheels / wheel);
        return [.. archive.Entries.Select(x => x.FullName)];
    }

    static string ReadText(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
