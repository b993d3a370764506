using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

/// <summary>Whatever stands in a file, it is read or it is reported.</summary>
public class CatalogFuzzTests
{
    const string Refs = "# refs\nkeystone: \"27.0.2\"\nnova: stable/2025.1 # branch\noslo.config: 'b896b71557ce'\n"
        + "'glance': >-\n  30.2.0\n";
    const string Packages = "nova:\n  pip-extras: [osprofiler]\n  pip-packages:\n    - uwsgi\n"
        + "    - \"glance_store[s3,swift]\"\n"
        + "  apt-packages:\n    - libpython3.12t64 [platform:ubuntu-noble !platform:debian]\n";
    const string EntryPoints = "nova:\n  distribution: openstack-nova\n  scripts:\n    - nova-manage\n"
        + "  wsgi: [nova.wsgi.metadata, nova.wsgi.osapi_compute]\n";
    const string Image = "shell: /bin/bash\ndirectories:\n  - /var/lib/nova/instances\n  - '/etc/nova.d'\n";
    const string SeriesText = "# life\nname: \"epoxy\"\nstatus: maintained\nslurp: true\ninitial-release: 2025-04-02\n"
        + "next-phase:\n  status: unmaintained\n  date: 2026-10-02\n";
    const string Contract = "commands:\n  - run: [nova-manage, --version]\n    prints: \"{version}\"\nfiles:\n"
        + "  - nova/db/alembic.ini\nserve:\n  - environment: {A: b}\n    start: [uwsgi, \"80\"]\n"
        + "    requests:\n      - status: 200\n";
    const string Lock = "# lock\n\nnova: { tag: \"31.3.1\", commit: \"e2ebb330dfc7336a995d455861b52066e270f8ca\" }\n"
        + "glance: { tag: \"30.2.0\", commit: \"bb0d59fff722dbccb5a3e7696eada3d8d372ba8d\" }\n";
    const string BindepFile =
        "libpq5 [platform:dpkg]\nopen-iscsi  [platform:dpkg (cinder !lvm) nova] # why\n# note\nlibxml2 []\n";

    [Fact]
    public void BrokenSourceRefsAreReported() =>
        Fuzz(Refs, (text, problems) => SourceRefsFile.Parse(text, "f", problems));

    [Fact]
    public void BrokenExtraPackagesAreReported() =>
        Fuzz(Packages, (text, problems) => new ExtraPackagesFile("f", problems).Parse(text, ["nova"]));

    [Fact]
    public void BrokenBindepFilesAreReported() =>
        Fuzz(BindepFile, (text, problems) => Bindep.Parse(text, "f", problems));

    [Fact]
    public void BrokenEntryPointsAreReported() =>
        Fuzz(EntryPoints, (text, problems) => new EntryPointsFile("f", problems).Parse(text, ["nova"]));

    [Fact]
    public void BrokenImageFilesAreReported() =>
        Fuzz(Image, (text, problems) => new ImageFile("f", problems).Parse(text));

    [Fact]
    public void BrokenSeriesAreReported() =>
        Fuzz(SeriesText, (text, problems) => new SeriesFile("f", problems).Parse(text, "2025.1"));

    [Fact]
    public void BrokenContractsAreReported() => Fuzz(Contract, (text, problems) =>
        Collect(problems, () => ImageContract.Parse(text, "f", new Dictionary<string, string> { ["version"] = "1" })));

    [Fact]
    public void BrokenLocksAreReported() => Fuzz(Lock, (text, problems) => RefLock.Parse(text, "f", problems));

    static void Collect(List<Problem> problems, Action parse)
    {
        try
        {
            parse();
        }
        catch (ProblemException e)
        {
            problems.AddRange(e.Problems);
        }
    }

    static void Fuzz(string text, Action<string, List<Problem>> parse) =>
        ParserFuzz.Run(text, seed: 7, leastReported: 1_000, parse);
}
