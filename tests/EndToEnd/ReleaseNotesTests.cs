using System.Text.Json;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.EndToEnd;

/// <summary>The target ReleaseNotes, on SBOMs.</summary>
public sealed class ReleaseNotesTests : IDisposable
{
    readonly RepositoryCopy _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task TwoSbomsAreEnoughAndWhatIsNamedMustBeThere()
    {
        File.WriteAllText(_repository.Root / "a.cdx.json", BomOf.Image(SmallService.Image()).GetRawText());
        File.WriteAllText(_repository.Root / "b.cdx.json",
            BomOf.Image(SmallService.Image(), SmallService.Subject()).GetRawText());
        var run = (await _repository.RunAsync("ReleaseNotes --from a.cdx.json --to b.cdx.json --no-logo"))
            .ShouldSucceed();
        Assert.Contains("Fixes CVE-2026-12345", run.Output, StringComparison.Ordinal);
        Assert.Contains("0001-mend.patch", File.ReadAllText(_repository.Root / "artifacts/release-notes.md"),
            StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(_repository.Root / "artifacts/release-notes.json"));
        Assert.Equal("CVE-2026-12345", json.RootElement.GetProperty("fixes")[0].GetString());

        (await _repository.RunAsync("ReleaseNotes --no-logo")).ShouldFail("--from is missing", "--to is missing");
        (await _repository.RunAsync("ReleaseNotes --from 27.0.0 --to b.cdx.json --no-logo"))
            .ShouldFail("'27.0.0' is not there, and no --service says what it is a tag of");
        (await _repository.RunAsync("ReleaseNotes --service keyston --from 27.0.0 --to b.cdx.json --no-logo"))
            .ShouldFail("Did you mean 'keystone'?");
        (await _repository.RunAsync("ReleaseNotes --service keystone --from 27.0.0 --to b.cdx.json --no-logo "
            + "--registry 127.0.0.1:1/o")).ShouldFail("127.0.0.1:1");
        (await _repository.RunAsync("ReleaseNotes --service nova --release 2025.1 --no-logo"))
            .ShouldFail("Run the target BuildService first");
    }
}
