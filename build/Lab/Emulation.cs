using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Lab;

/// <summary>
/// Lets the machine run programs of foreign architectures. A handler that somebody registered is used and left alone;
/// otherwise the laboratory registers its own, and takes it back when it goes down.
/// </summary>
sealed class Emulation(LabLayout layout, Binfmt kernel, Action<string> report)
{
    /// <summary>
    /// What Debian registers with, and the identity of the program and not the emulator's (C): sudo in an image stays
    /// sudo.
    /// </summary>
    const string Credentials = "C";

    string Prefix => $"{Binfmt.Owner}-{layout.Id}-";

    /// <summary>
    /// The handler for an architecture; null when there is none. Those of other laboratories do not count: they go when
    /// those go.
    /// </summary>
    public BinfmtHandler? Find(ArchitectureData architecture) => kernel.Handlers.FirstOrDefault(x =>
        x.Serves(architecture) && (IsOurs(x) || !x.Name.StartsWith(Binfmt.Owner, StringComparison.Ordinal)));

    public bool IsOurs(BinfmtHandler handler) => handler.Name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a handler that was found once still does its work.</summary>
    public bool IsInForce(string name) => kernel.Read(name) is { IsEnabled: true };

    /// <summary>Registers the emulator of an architecture, in place of an older one.</summary>
    /// <param name="emulator">A directory made by <see cref="Emulator"/>.</param>
    public async Task RegisterAsync(ArchitectureData architecture, AbsolutePath emulator,
        CancellationToken cancellation)
    {
        var remedy = $"Build {architecture.Platform} on a machine of that architecture, or have "
            + "its emulation registered: "
            + $"docker run --privileged --rm tonistiigi/binfmt --install {architecture.Platform.Split('/')[1]}";
        var name = Prefix + architecture.Machine;
        await kernel.RequireAsync(remedy, cancellation);
        kernel.Remove(name);
        kernel.Register(Line(File.ReadAllText(emulator / Emulator.Format), name,
            emulator / Emulator.Program(architecture)), remedy);
        report($"The kernel runs programs of {architecture.Platform} with {emulator / Emulator.Program(architecture)} "
            + $"until LabDown: {name} in binfmt_misc");
    }

    /// <summary>Takes back what this laboratory registered.</summary>
    public Task EndAsync()
    {
        kernel.Remove(Prefix);
        return kernel.UnmountAsync();
    }

    /// <summary>
    /// Debian's registration of an emulator, <c>:name:M:offset:magic:mask:interpreter:flags</c>, under our name, for
    /// our program.
    /// </summary>
    /// <exception cref="ProblemException">It is none.</exception>
    internal static string Line(string debian, string name, AbsolutePath program)
    {
        if (debian.Trim().Split(':') is not ["", _, "M", var offset, var magic, var mask, _, var flags])
            throw new ProblemException($"'{debian.Trim()}' is no registration of an emulator",
                "Correct 'emulator' in the laboratory's lab.yaml");
        return string.Join(':', "", name, "M", offset, magic, mask, program, flags + Credentials);
    }
}
