using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Lab;
using OpenStack.Sources;
using static OpenStack.Tests.Lab.DebBuilder;

namespace OpenStack.Tests.Lab;

public sealed class RebuiltSourceTests : IDisposable
{
    const string Egg = Modules + "openstack_placement-13.0.0.egg-info/";

    static readonly SourceData s_source = new()
    {
        Component = "placement",
        Branch = "stable/2025.1",
        RebuiltFrom = ["python3-placement", "placement-common"],
        Files = new Dictionary<string, string>
        {
            ["bin/placement-setup"] = "usr/bin/placement-setup",
            ["etc/placement/policy.yaml"] = "usr/share/placement/policy.yaml",
        },
    };

    readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task A_tree_is_what_PBR_makes_the_distribution_from_again()
    {
        var release = await MakeAsync(s_source);
        Assert.Equal("13.0.0", release.Version);
        Assert.Equal(new ProjectMetadata("openstack-placement"), ProjectMetadata.Read(release.Directory));
        var files = Directory.EnumerateFiles(release.Directory, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(x => $"{Path.GetRelativePath(release.Directory, x)}:\n{File.ReadAllText(x)}");
        await Verifier.Verify(string.Join('\n', files));
    }

    [Fact]
    public async Task The_time_is_that_of_the_package() =>
        Assert.InRange((await MakeAsync(s_source)).Time, DateTimeOffset.UtcNow.AddMinutes(-5),
            DateTimeOffset.UtcNow.AddMinutes(5));

    [Fact]
    public async Task A_file_that_no_package_holds_is_named()
    {
        var source = s_source with
        {
            Files = new Dictionary<string, string> { ["etc/api-paste.ini"] = "usr/share/placement/api-paste.ini" },
        };
        var problem = await Assert.ThrowsAsync<ProblemException>(() => MakeAsync(source));
        Assert.StartsWith("No package that placement is rebuilt from holds 'usr/share/placement/api-paste.ini'",
            problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_package_must_hold_the_modules()
    {
        var debs = new DebBuilder(_directory.Path);
        var problem = await Assert.ThrowsAsync<ProblemException>(async () => await RebuiltSource.MakeAsync(
            s_source, [await debs.BuildAsync("placement-common", "13.0.0-1", "", ("etc/placement/x", ""))],
            _directory.Path / "tree", default));
        Assert.StartsWith("python3-placement does not hold one Python distribution", problem.Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    async Task<ReleasedTree> MakeAsync(SourceData source)
    {
        var debs = new DebBuilder(_directory.Path);
        AbsolutePath[] packages =
        [
            await debs.BuildAsync("python3-placement", "13.0.0-1", "Depends: alembic, python3-six",
                (Modules + "placement/__init__.py", "import os\n"),
                (Modules + "placement/db/alembic.ini", "[alembic]\n"),
                (Modules + "placement_single.py", ""),
                (Modules + "placement/__pycache__/x.pyc", "code"),
                (Egg + "PKG-INFO", """
                    Metadata-Version: 2.1
                    Name: openstack-placement
                    Version: 13.0.0
                    Summary: Inventories
                    Author: OpenStack
                    Author-email: openstack-discuss@lists.openstack.org
                    Requires-Python: >=3.9
                    Requires-Dist: pbr>=3.1.1
                    Requires-Dist: six; python_version < "3"
                    Provides-Extra: db
                    Requires-Dist: PyMySQL>=1.0; extra == "db"
                    Requires-Dist: enum34; python_version < "3.4" and extra == "db"

                    Placement counts.

                    """),
                // What dh_python3 left of the requirements.
                (Egg + "requires.txt", "\n[db]\nPyMySQL>=1.0\n"),
                (Egg + "entry_points.txt", "[console_scripts]\nplacement-manage = placement.cmd:main\n\n"
                    + "[oslo.config.opts]\nplacement.conf = placement.conf:list_opts\n")),
            await debs.BuildAsync("placement-common", "13.0.0-1", "", ("usr/share/placement/policy.yaml", "rules\n"),
                ("usr/bin/placement-setup", "#!/usr/bin/python3\n"), ("etc/placement/other", "")),
        ];
        return await RebuiltSource.MakeAsync(source, packages, _directory.Path / "tree", default);
    }
}
