using OpenStack.Diagnostics;
using OpenStack.Wheels;

namespace OpenStack.Tests.Wheels;

/// <summary>pylock.toml as uv 0.13 writes it (PEP 751).</summary>
public sealed class PyLockTests
{
    const string Head = "lock-version = \"1.0\"\ncreated-by = \"uv\"\nrequires-python = \">=3.13\"\n";

    [Fact]
    public void EachDistributionWithTheFileThatItIsInstalledFrom()
    {
        var closure = PyLock.Parse(Head + """

            [[packages]]
            name = "uwsgi"
            version = "2.0.28"
            sdist = { url = "file:///wheelhouse/uwsgi-2.0.28.tar.gz", hashes = { sha256 = "cc" } }

            [[packages]]
            name = "bcrypt"
            version = "5.0.0"
            index = "https://index.example/simple"
            sdist = { url = "https://index.example/bcrypt-5.0.0.tar.gz", hashes = { sha256 = "00" } }
            wheels = [
              { url = "https://index.example/bcrypt-5.0.0-cp38-abi3-manylinux_2_34_x86_64.whl", size = 1, hashes = { sha256 = "aa" } },
              { url = "https://index.example/bcrypt-5.0.0-cp39-abi3-manylinux_2_34_x86_64.whl", size = 1, hashes = { sha256 = "bb" } },
            ]

            [[packages]]
            name = "openstack-placement"
            version = "15.0.0"
            archive = { path = "/wheel/openstack_placement-15.0.0-py3-none-any.whl", hashes = { sha256 = "dd" } }

            [[packages]]
            name = "pycadf"
            version = "4.0.1+p1"
            wheels = [{ url = "file:///libraries/pycadf-4.0.1%2Bp1-py3-none-any.whl#x", hashes = { sha256 = "ee" } }]
            """, "pylock.toml", "openstack_placement");
        Assert.Equal(
        [
            new LockedDistribution("bcrypt", "5.0.0",
                new("bcrypt-5.0.0-cp39-abi3-manylinux_2_34_x86_64.whl",
                    "https://index.example/bcrypt-5.0.0-cp39-abi3-manylinux_2_34_x86_64.whl", "bb")
                {
                    Size = 1,
                })
            {
                Source = new("bcrypt-5.0.0.tar.gz", "https://index.example/bcrypt-5.0.0.tar.gz", "00"),
            },
            new LockedDistribution("pycadf", "4.0.1+p1", new("pycadf-4.0.1+p1-py3-none-any.whl",
                "file:///libraries/pycadf-4.0.1%2Bp1-py3-none-any.whl#x", "ee")),
            new LockedDistribution("uwsgi", "2.0.28",
                new("uwsgi-2.0.28.tar.gz", "file:///wheelhouse/uwsgi-2.0.28.tar.gz", "cc"))
            {
                Source = new("uwsgi-2.0.28.tar.gz", "file:///wheelhouse/uwsgi-2.0.28.tar.gz", "cc"),
            },
        ], closure);
        Assert.Equal([false, false, true], closure.Select(x => x.IsSource));
    }

    [Fact]
    public void AClosureMayBeEmpty() => Assert.Empty(PyLock.Parse(Head, "pylock.toml", "own"));

    [Fact]
    public void EverythingThatCannotBeInstalledByDigestIsSaidAtOnce()
    {
        var problems = Assert.Throws<ProblemException>(() => PyLock.Parse(Head + """
            [[packages]]
            name = "direct"
            version = "1"
            vcs = { type = "git", url = "https://example.org/direct", commit-id = "0" }

            [[packages]]
            name = "bare"
            version = "2"
            wheels = [{ url = "https://index.example/bare-2-py3-none-any.whl", hashes = {} }]

            [[packages]]
            name = "unversioned"
            """, "pylock.toml", "own")).Problems.Select(x => x.Found);
        Assert.Equal(["'direct' 1 comes as vcs, not from an index", "'bare' 2 has a file without sha256",
            "a package has no name or no version"], problems);
    }

    [Theory]
    [InlineData("", "this is no lock of Python packages")]
    [InlineData("lock-version = \"2.0\"\n", "this is no lock of Python packages")]
    [InlineData("lock-version = \"1.0\"\npackages = 1\n", "'packages' is no list of tables")]
    [InlineData("<html>", "this is no TOML")]
    public void WhatIsNoLock(string text, string message) =>
        Assert.StartsWith($"pylock.toml: {message}",
            Assert.Throws<ProblemException>(() => PyLock.Parse(text, "pylock.toml", "own")).Message,
            StringComparison.Ordinal);
}
