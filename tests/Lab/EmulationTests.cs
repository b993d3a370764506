using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Lab;

namespace OpenStack.Tests.Lab;

/// <summary>With a directory in place of the kernel's table.</summary>
public sealed class EmulationTests : IDisposable
{
    const string Magic = """\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00""";
    const string Mask = """\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff""";
    const string Handler = "enabled\ninterpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P\nflags: POF\noffset 0\n"
        + "magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n";

    static readonly ArchitectureData s_arm64 =
        new() { Platform = "linux/arm64", Debian = "arm64", Machine = "aarch64", Elf = 183 };
    static readonly ArchitectureData s_amd64 =
        new() { Platform = "linux/amd64", Debian = "amd64", Machine = "x86_64", Elf = 62 };

    readonly TemporaryDirectory _directory = new();
    readonly List<string> _lines = [];

    LabLayout Layout => new(_directory.Path / "lab");

    AbsolutePath Table => _directory.Path / "binfmt_misc";

    Emulation Emulation => new(Layout, new Binfmt(Table), _lines.Add);

    string Ours => $"openstack-lab-{Layout.Id}-aarch64";

    public EmulationTests()
    {
        Put("register", "");
        Put("status", "enabled\n");
        _directory.Write("emulator/binfmt.conf",
            $":qemu-aarch64:M::{Magic}:{Mask}:/usr/libexec/qemu-binfmt/aarch64-binfmt-P:OPF\n");
    }

    [Fact]
    public void A_handler_serves_the_architecture_whose_programs_it_matches()
    {
        var handler = BinfmtHandler.Parse("qemu-aarch64", Handler);
        Assert.True(handler.Serves(s_arm64));
        Assert.False(handler.Serves(s_amd64));
    }

    [Theory]
    [InlineData("enabled", "disabled")]
    [InlineData("flags: POF", "flags: PO")]
    [InlineData("flags: POF", "flags: ")]
    [InlineData("0200b700\n", "0200b800\n")]
    [InlineData("mask ffffffffffffff00fffffffffffffffffeffffff\n", "")]
    [InlineData(
        "offset 0\nmagic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n",
        "extension .jar\n")]
    [InlineData("offset 0", "offset 4")]
    public void A_handler_that_containers_do_not_see_or_that_is_of_something_else_serves_nobody(string part,
        string instead)
    {
        Assert.Contains(part, Handler, StringComparison.Ordinal);
        Assert.False(BinfmtHandler.Parse("x", Handler.Replace(part, instead, StringComparison.Ordinal))
            .Serves(s_arm64));
    }

    [Fact]
    public void What_somebody_registered_is_used_and_another_laboratorys_is_not()
    {
        Put("openstack-lab-00000000-aarch64", Handler);
        Assert.Null(Emulation.Find(s_arm64));
        Put("qemu-aarch64", Handler);
        var found = Emulation.Find(s_arm64)!;
        Assert.Equal("qemu-aarch64", found.Name);
        Assert.False(Emulation.IsOurs(found));
        Assert.True(Emulation.IsInForce(found.Name));
        Put("qemu-aarch64", Handler.Replace("enabled", "disabled", StringComparison.Ordinal));
        Assert.False(Emulation.IsInForce(found.Name));
        Assert.False(Emulation.IsInForce("qemu-riscv64"));
    }

    [Fact]
    public async Task Debians_registration_is_made_with_the_laboratorys_program_and_told()
    {
        await Emulation.RegisterAsync(s_arm64, _directory.Path / "emulator", default);
        Assert.Equal($":{Ours}:M::{Magic}:{Mask}:{_directory.Path}/emulator/aarch64-binfmt-P:OPFC",
            File.ReadAllText(Table / "register"));
        Assert.Contains(Ours, Assert.Single(_lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_laboratory_registered_is_taken_back_and_nothing_else()
    {
        Put(Ours, Handler);
        Put("qemu-aarch64", Handler);
        Put("openstack-lab-00000000-aarch64", Handler);
        await Emulation.EndAsync();
        Assert.Equal("-1", File.ReadAllText(Table / Ours)[..2]);
        Assert.Equal(Handler, File.ReadAllText(Table / "qemu-aarch64"));
        Assert.Equal(Handler, File.ReadAllText(Table / "openstack-lab-00000000-aarch64"));
    }

    [Fact]
    public async Task A_kernel_without_it_or_with_it_switched_off_is_told_with_what_to_do()
    {
        Put("status", "disabled\n");
        Assert.EndsWith($"echo 1 >{Table}/status", (await RegistrationFails()).Message, StringComparison.Ordinal);
        Directory.Delete(Table, recursive: true);
        var missing = await RegistrationFails();
        Assert.StartsWith("The kernel's binfmt_misc cannot be mounted (", missing.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Build linux/arm64 on a machine of that architecture, or have its emulation registered: "
            + "docker run --privileged --rm tonistiigi/binfmt --install arm64",
            missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_of_another_form_is_told()
    {
        _directory.Write("emulator/binfmt.conf", "qemu-aarch64\n");
        Assert.StartsWith("'qemu-aarch64' is no registration of an emulator", (await RegistrationFails()).Message,
            StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(Table / "register"));
    }

    [Fact]
    public void A_mount_is_the_laboratorys_by_its_device()
    {
        const string Others =
            "35 22 0:33 / /proc/sys/fs/binfmt_misc rw,relatime shared:14 - binfmt_misc binfmt_misc rw\n";
        const string Labs = "36 22 0:33 / /proc/sys/fs/binfmt_misc rw,relatime - binfmt_misc openstack-lab rw\n";
        AbsolutePath place = "/proc/sys/fs/binfmt_misc";
        Assert.False(Binfmt.IsOfLaboratory("", place));
        Assert.False(Binfmt.IsOfLaboratory(Labs + Others, place));
        Assert.True(Binfmt.IsOfLaboratory(Others + Labs, place));
        Assert.False(Binfmt.IsOfLaboratory(Labs, "/proc/sys/fs"));
    }

    Task<ProblemException> RegistrationFails() =>
        Assert.ThrowsAsync<ProblemException>(() =>
            Emulation.RegisterAsync(s_arm64, _directory.Path / "emulator", default));

    void Put(string name, string text) => _directory.Write($"binfmt_misc/{name}", text);

    public void Dispose() => _directory.Dispose();
}
