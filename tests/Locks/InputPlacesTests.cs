using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Network;

namespace OpenStack.Tests.Locks;

public sealed class InputPlacesTests
{
    [Fact]
    public void MirrorsAreAskedFirstAndSnapshotsLast()
    {
        var mirrors = InputMirror.ParseAll(["http://deb.example/debian/=https://mirror.example/debian/",
            "https://files.example/=http://pypi.internal/"]);
        var wanted = InputPlaces.Of([(SmallLock.Keystone, "/wheels"), (SmallLock.Keystone, null)], mirrors)
            .ToDictionary(x => x.Name);
        // What nobody needs to build is not fetched.
        Assert.Equal(["libpq5_17.6-0+deb13u1_amd64.deb", "pbr-7.0.1-py3-none-any.whl",
            "six-1.17.0-py2.py3-none-any.whl", "uwsgi-2.0.29.tar.gz"], wanted.Keys.Order(StringComparer.Ordinal));
        const string path = "pool/main/p/libpq5/libpq5_17.6-0+deb13u1_amd64.deb";
        Assert.Equal([$"https://mirror.example/debian/{path}", $"http://deb.example/debian/{path}",
            $"https://snapshot.example/archive/debian/20261114T221213Z/{path}"],
            wanted["libpq5_17.6-0+deb13u1_amd64.deb"].Places.Select(x => x.AbsoluteUri));
        Assert.Equal(["http://pypi.internal/packages/six-1.17.0-py2.py3-none-any.whl",
            "https://files.example/packages/six-1.17.0-py2.py3-none-any.whl"],
            wanted["six-1.17.0-py2.py3-none-any.whl"].Places.Select(x => x.AbsoluteUri));
        Assert.Equal(["/wheels/pbr-7.0.1-py3-none-any.whl"],
            wanted["pbr-7.0.1-py3-none-any.whl"].Places.Select(x => x.LocalPath));
        Assert.Null(wanted["uwsgi-2.0.29.tar.gz"].Size);
    }

    [Fact]
    public void AMirrorIsNamedWithoutAPassword()
    {
        var problem = Assert.Single(Assert.Throws<ProblemException>(() =>
            InputMirror.ParseAll(["http://deb.example/=https://me:secret@mirror.example/deb/"])).Problems);
        Assert.Contains("--apt-auth", problem.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{problem}", StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoMirrorIsToldSo() => Assert.Equal(
        ["--input-mirrors has the value 'https://mirror.example'; expected url=url, as in "
            + "https://files.pythonhosted.org/=https://mirror.example/pypi/",
            "--input-mirrors has the value 'a=b'; expected url=url, as in "
            + "https://files.pythonhosted.org/=https://mirror.example/pypi/"],
        Assert.Throws<ProblemException>(() => InputMirror.ParseAll(["https://mirror.example", "https://a/=https://b/",
            "a=b"])).Problems.Select(x => x.ToString()));
}
