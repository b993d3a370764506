using OpenStack.Locks;

namespace OpenStack.Tests.Locks;

/// <summary>A lock with one input of each kind.</summary>
static class SmallLock
{
    public static InputLock Keystone => new(new LockSubject("keystone", "2025.1", "linux/amd64", "debian-trixie"),
    [
        new LockedImage("python-base", $"sha256:{Hex('b')}"),
        new LockedSuite("trixie", "http://deb.example/debian/", Hex('c'), 140744,
            new DateTimeOffset(2026, 11, 14, 10, 12, 13, TimeSpan.Zero),
            "https://snapshot.example/archive/debian/20261114T221213Z/"),
        new LockedSuite("trixie-security", "http://deb.example/debian-security/", Hex('d'), 43431,
            new DateTimeOffset(2026, 11, 27, 1, 2, 3, TimeSpan.Zero), null),
        Deb("libpq5", "17.6-0+deb13u1", 'e'),
        new LockedFile(FileKind.Wheel, "six", "1.17.0", null, Hex('1'), 11050,
            "https://files.example/packages/six-1.17.0-py2.py3-none-any.whl"),
        new LockedFile(FileKind.Source, "six", "1.17.0", null, Hex('2'), 34031,
            "https://files.example/packages/six-1.17.0.tar.gz"),
        new LockedFile(FileKind.Sdist, "uwsgi", "2.0.29", null, Hex('3'), null,
            "https://files.example/packages/uwsgi-2.0.29.tar.gz"),
        new LockedFile(FileKind.Build, "pbr", "7.0.1", null, Hex('4'), 126051, "wheelhouse/pbr-7.0.1-py3-none-any.whl"),
        new LockedCommit("keystone", "27.0.2", new string('5', 40), "https://opendev.org/openstack/keystone"),
        new UnlockedInput("oslo.messaging", "is a local tree"),
    ]);

    public static LockedFile Deb(string name, string version, char digest) =>
        new(FileKind.Deb, name, version, "amd64", Hex(digest), 226412,
            $"http://deb.example/debian/pool/main/p/{name}/{name}_{version}_amd64.deb");

    public static string Hex(char digit) => new(digit, 64);
}
