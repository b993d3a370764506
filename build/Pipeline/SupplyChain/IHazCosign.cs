using Nuke.Common;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>The program that signs and verifies.</summary>
interface IHazCosign : INukeBuild
{
    [Parameter("cosign, version 3: a name on PATH or a file - Default is 'cosign'")]
    string Cosign => TryGetValue(() => Cosign) ?? "cosign";

    Cosign CosignProgram =>
        new(Cosign.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(Cosign, RootDirectory) : Cosign);

    /// <summary>What keeps cosign offline where keys are used; made once.</summary>
    /// <exception cref="Diagnostics.ProblemException">There is no cosign, or none that can do it.</exception>
    async Task<OfflineConfiguration> OfflineConfigurationAsync()
    {
        var directory = TemporaryDirectory / "cosign";
        await new Stage(directory, new StageInputs().Add("format", "1"))
            .MakeAsync(aside => CosignProgram.ConfigureOfflineAsync(aside));
        return OfflineConfiguration.In(directory);
    }
}
