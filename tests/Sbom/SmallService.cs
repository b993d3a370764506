using OpenStack.Constraints;
using OpenStack.Sbom;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Tests.Sbom;

/// <summary>A service image as small as one can be that has a bit of everything.</summary>
static class SmallService
{
    public const string Site = "var/lib/openstack/lib/python3.13/site-packages";

    public const string Copyright = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
        + "Files: *\nLicense: LGPL-2.1+\n\nFiles: b\nLicense: GPL-2+ or Expat\n\nFiles: c\nLicense: Carnegie\n";

    public const string Status = """
        Package: libc6
        Status: install ok installed
        Architecture: amd64
        Multi-Arch: same
        Source: glibc (2.41-11)
        Version: 2.41-12+deb13u4
        Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>
        Depends: libgcc-s1
        Description: GNU C Library: Shared libraries
         Contains the standard libraries.
        Homepage: https://www.gnu.org/software/libc/libc.html

        Package: libgcc-s1
        Status: install ok installed
        Architecture: amd64
        Source: gcc-14
        Version: 14.2.0-19
        Maintainer: Debian GCC Maintainers <debian-gcc@lists.debian.org>
        Depends: libc6 (>= 2.35)
        Description: GCC support library

        Package: login
        Status: install ok half-configured
        Architecture: amd64
        Version: 1:4.16.0-2~deb13u1
        Maintainer: Somebody
        Pre-Depends: libc6 (>= 2.38), nowhere | c-library
        Depends: default-mta | mail-transport-agent, python3:any
        Description: system login tools

        Package: gone
        Status: deinstall ok config-files
        Architecture: all
        Version: 1

        Package: python3-rados
        Status: install ok installed
        Architecture: amd64
        Source: ceph
        Version: 18.2.7+ds-1
        Provides: python3.13-rados, mail-transport-agent (= 1)
        Maintainer: Ceph Packaging Team <team+ceph@tracker.debian.org>
        Depends: libc6
        Description: Python 3 libraries for the Ceph librados library

        """;

    static readonly string s_patch = "Subject: Mend it\n\nSee CVE-2026-12345.\n"
        + "(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\nCloses-Bug: #2085902\n"
        + "Related-Bug: #1\n---\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";

    public static SmallImage Image() => new SmallImage()
        .Layer(
            ("usr/lib/os-release", "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nNAME=\"Debian GNU/Linux\"\n"
                + "VERSION_ID=\"13\"\nVERSION_CODENAME=trixie\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n"),
            ("etc/os-release", "->../usr/lib/os-release"),
            ("lib", "->usr/lib"),
            ("usr/lib/libc.so.6", "elf"),
            ("usr/bin/login", "elf"),
            ("usr/bin/python3.13", "elf"),
            ("var/lib/dpkg/status", "Package: old\nVersion: 0\n"),
            ("var/lib/dpkg/info/libc6:amd64.list", "/.\n/lib\n/lib/libc.so.6\n/usr/share/doc/libc6/copyright\n"),
            ("var/lib/dpkg/info/login.list", "/.\n/usr/bin/login\n/usr/bin/nologin\n"),
            ("usr/share/doc/libc6/copyright", Copyright),
            ("usr/share/doc/libgcc-s1", "->gcc-14-base"),
            ("usr/share/doc/gcc-14-base/copyright", "See /usr/share/common-licenses/Apache-2.0."))
        .Layer(
            ("var/lib/dpkg/status", Status),
            ("var/lib/dpkg/info/python3-rados.list", "/.\n/usr/lib/python3/dist-packages/rados-2.0.0.egg-info\n"
                + "/usr/lib/python3/dist-packages/rados-2.0.0.egg-info/PKG-INFO\n"),
            ("usr/lib/python3/dist-packages/rados-2.0.0.egg-info/PKG-INFO", "Name: rados\nVersion: 2.0.0\n"))
        .Layer(
            ($"{Site}/keystone-27.0.0.dist-info/METADATA", """
                Metadata-Version: 2.4
                Name: keystone
                Version: 27.0.0
                Summary: OpenStack Identity
                Home-page: https://docs.openstack.org/keystone/latest
                Author: OpenStack
                Author-email: openstack-discuss@lists.openstack.org
                Classifier: License :: OSI Approved :: Apache Software License
                Requires-Dist: oslo.config[validator]>=6.8.0
                Requires-Dist: uWSGI
                Requires-Dist: not-installed
                Requires-Dist: windows-only; sys_platform == "win32"
                Requires-Dist: python-ldap>=3.0.0; extra == "ldap"
                Requires-Dist: memcache; extra == "cache"

                The description.
                """),
            ($"{Site}/keystone-27.0.0.dist-info/RECORD", "keystone/__init__.py,sha256=x,8\n"
                + "keystone-27.0.0.dist-info/METADATA,,\n\"keystone/a,b.py\",,\n../../../bin/keystone-manage,,\n"),
            ($"{Site}/keystone-27.0.0.dist-info/INSTALLER", "uv\n"),
            ($"{Site}/keystone/__init__.py", "import x"),
            ($"{Site}/keystone/a,b.py", "pass"),
            ("var/lib/openstack/bin/keystone-manage", "#!python"),
            ($"{Site}/oslo_config-9.7.1+p1.dist-info/METADATA", "Name: oslo.config\nVersion: 9.7.1+p1\n"
                + "License: Apache-2.0\nAuthor-email: \"A, Person\" <a@example.org>\n"
                + "Requires-Dist: rfc3986; extra == 'validator'\n"),
            ($"{Site}/rfc3986-2.0.0.dist-info/METADATA",
                "Name: rfc3986\nVersion: 2.0.0\nLicense-Expression: Apache-2.0 OR MIT\nHome-page: not a url\n"),
            ($"{Site}/python_ldap-3.4.4.dist-info/METADATA", "Name: python-ldap\nVersion: 3.4.4\nLicense: PSF\n"),
            ($"{Site}/memcache-1.0.dist-info/METADATA", "Name: memcache\nVersion: 1.0\n"),
            ($"{Site}/uWSGI-2.0.28.egg-info/PKG-INFO", "Name: uWSGI\nVersion: 2.0.28\n"),
            ($"{Site}/uWSGI-2.0.28.egg-info/requires.txt", "six\n\n[extra]\nmemcache\n"),
            ($"{Site}/six-1.17.0.egg-info",
                "Name: six\nVersion: 1.17.0\nClassifier: License :: OSI Approved :: BSD License\n"),
            ($"{Site}/setuptools-80.0.dist-info/METADATA", "Name: setuptools\nVersion: 80.0\n"),
            ($"{Site}/setuptools-80.0.dist-info/RECORD",
                "setuptools/_vendor/six-1.16.0.dist-info/METADATA,,\nsetuptools/_vendor/six.py,,\n"),
            ($"{Site}/setuptools/_vendor/six-1.16.0.dist-info/METADATA", "Name: six\nVersion: 1.16.0\n"),
            ($"{Site}/broken-1.5.dist-info/METADATA", "nothing"));

    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["org.opencontainers.image.source"] = "https://opendev.org/openstack/keystone",
        ["org.opencontainers.image.version"] = "27.0.0",
    };

    /// <summary>What the build knows of it: the service with a patch, a library with one, an override.</summary>
    /// <param name="baseLayers">How many of its layers are the base image's; not known where it is null.</param>
    public static BomSubject Subject(int? baseLayers = null) => new("keystone", "ghcr.io/c5c3")
    {
        BaseLayers = baseLayers is { } count ? new Dictionary<string, int> { ["linux/amd64"] = count } : [],
        Sources = new Dictionary<PythonName, BuiltSource>
        {
            [PythonName.Of("keystone")] = Source("keystone", "27.0.0", isService: true, s_patch),
            [PythonName.Of("oslo.config")] = Source("oslo.config", "9.7.1", isService: false,
                "Upstream-Status: Backport\nSubject: Say so\n---\n"),
        },
        Extras = new Dictionary<PythonName, IReadOnlyList<string>> { [PythonName.Of("keystone")] = ["LDAP"] },
        Changes =
        [
            new ConstraintChange(ConstraintChangeKind.Replaced, "rfc3986", "1.0", "2.0.0", "the old one is slow",
                "overrides/2025.1/constraints.txt", 3),
            new ConstraintChange(ConstraintChangeKind.Replaced, "rfc3986", "1.0", "3.0; python_version >= '3.14'",
                "the old one is slow", "overrides/2025.1/constraints.txt", 5),
            new ConstraintChange(ConstraintChangeKind.Replaced, "six", "1.16", "1.18.0", "not what is installed",
                "overrides/2025.1/constraints.txt", 4),
            new ConstraintChange(ConstraintChangeKind.SelfPin, "keystone", "27.0.0", null, "built from source"),
        ],
    };

    public static BuiltSource Source(string name, string version, bool isService, string patch)
    {
        const string commit = "e66a63623376401b0ee8a9474ccabc95ee7746f0";
        var resolved = new ResolvedRef(name, $"https://opendev.org/openstack/{name}", version, RefKind.Tag, commit);
        var bytes = System.Text.Encoding.UTF8.GetBytes(patch);
        var applied = new AppliedPatch("0001-mend.patch", Digest.OfBytes(bytes), [], PatchHeader.Parse(patch));
        return new BuiltSource(new SealedTree(
            new SourceTree(resolved, DateTimeOffset.FromUnixTimeSeconds(1_750_000_000), name, version), [applied]),
            isService, new Dictionary<string, byte[]> { ["0001-mend.patch"] = bytes });
    }
}
