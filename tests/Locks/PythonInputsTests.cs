using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Tests.Sources;
using OpenStack.Wheels;

namespace OpenStack.Tests.Locks;

public sealed class PythonInputsTests : IDisposable
{
    static readonly string s_digest = SmallLock.Hex('a');

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void WheelsSourcesAndWhatComesFromADirectory()
    {
        File.WriteAllText(_directory / "pbr-7.0.1-py3-none-any.whl", "1234567");
        var libraries = _directory / "libraries";
        Directory.CreateDirectory(libraries);
        File.WriteAllText(libraries / "oslo_messaging-16.1.0+p1-py3-none-any.whl", "");
        LockedDistribution[] closure =
        [
            new("six", "1.17.0", At("https://me:secret@files.example/six-1.17.0-py2.py3-none-any.whl#x", 11050))
            {
                Source = At("https://files.example/six-1.17.0.tar.gz", null),
            },
            new("uwsgi", "2.0.29", At("https://files.example/uwsgi-2.0.29.tar.gz", 8))
            {
                Source = At("https://files.example/uwsgi-2.0.29.tar.gz", 8),
            },
            new("pbr", "7.0.1", At("file:///wheelhouse/pbr-7.0.1-py3-none-any.whl", null)),
            // Its commit is locked.
            new("oslo-messaging", "16.1.0+p1", At("file:///libraries/oslo_messaging-16.1.0+p1-py3-none-any.whl", null)),
        ];
        Assert.Equal(
        [
            $"wheel six 1.17.0 sha256:{s_digest} 11050 https://files.example/six-1.17.0-py2.py3-none-any.whl",
            $"sdist uwsgi 2.0.29 sha256:{s_digest} 8 https://files.example/uwsgi-2.0.29.tar.gz",
            $"wheel pbr 7.0.1 sha256:{s_digest} 7 wheelhouse/pbr-7.0.1-py3-none-any.whl",
            $"source six 1.17.0 sha256:{s_digest} - https://files.example/six-1.17.0.tar.gz",
        ], PythonInputs.Installed(closure, _directory.Path, libraries).Select(x => x.Line));
    }

    [Fact]
    public void AFileThatNobodyElseFindsIsAProblem()
    {
        LockedDistribution[] closure =
        [
            new("pbr", "7.0.1", At("file:///home/me/pbr-7.0.1-py3-none-any.whl", null)),
            new("six", "1.17.0", At("../six-1.17.0.tar.gz", null)),
        ];
        Assert.Equal(2, Assert.Throws<ProblemException>(() => PythonInputs.BuiltWith(closure, null)).Problems.Count);
    }

    static IndexFile At(string url, long? size) => new(url.Split('#')[0].Split('/')[^1], url, s_digest) { Size = size };
}
