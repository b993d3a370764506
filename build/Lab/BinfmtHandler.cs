using System.Globalization;

namespace OpenStack.Lab;

/// <summary>
/// How the kernel runs programs of one format, as the format's file in binfmt_misc tells it
/// (https://docs.kernel.org/admin-guide/binfmt-misc.html).
/// </summary>
/// <param name="Flags">
/// Letters; with <c>F</c> the interpreter was opened at registration, and so is found in containers too.
/// </param>
/// <param name="Offset">Where in a program <paramref name="Magic"/> begins, in bytes.</param>
/// <param name="Magic">What the format begins with; empty when files are told by their extension.</param>
/// <param name="Mask">The bits of it that count; empty for all.</param>
sealed record BinfmtHandler(string Name, bool IsEnabled, string Flags, int Offset, byte[] Magic, byte[] Mask)
{
    public static BinfmtHandler Parse(string name, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string Value(string key) =>
            lines.FirstOrDefault(x => x.StartsWith(key + " ", StringComparison.Ordinal))?[key.Length..].Trim() ?? "";
        return new BinfmtHandler(
            name,
            lines.FirstOrDefault() == "enabled",
            Value("flags:"),
            int.TryParse(Value("offset"), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0,
            Convert.FromHexString(Value("magic")),
            Convert.FromHexString(Value("mask")));
    }

    /// <summary>Whether it runs the programs of an architecture, in containers too.</summary>
    public bool Serves(ArchitectureData architecture)
    {
        if (!IsEnabled || !Flags.Contains('F') || Magic.Length == 0) return false;
        var program = ElfHeader(architecture.Elf);
        return Offset + Magic.Length <= program.Length
            && Magic.Select((x, i) => (x ^ program[Offset + i]) & (i < Mask.Length ? Mask[i] : 0xff)).All(x => x == 0);
    }

    /// <summary>
    /// How a position-independent program of 64 bits, lowest byte first, begins (elf(5)): identification, type,
    /// machine.
    /// </summary>
    static byte[] ElfHeader(int machine) =>
        [0x7f, .. "ELF"u8, 2, 1, 1, .. new byte[9], 3, 0, (byte)machine, (byte)(machine >> 8)];
}
