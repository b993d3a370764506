using System.Runtime.CompilerServices;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Compares texts with snapshots that lie beside the test: <c>{Class}.{Method}.verified.{extension}</c>.</summary>
public static class Verifier
{
    /// <inheritdoc cref="Verify(string?, string, VerifySettings?, string)"/>
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Verify(target, "txt", settings, sourceFile);

    /// <summary>
    /// Fails unless the snapshot holds the text, whatever the line ends and the byte order mark; what was received is then written
    /// beside the snapshot as <c>*.received.*</c>. Unlike the real one it scrubs nothing: pass texts without paths and times.
    /// </summary>
    /// <param name="extension">Extension of the snapshot, without a dot.</param>
    public static SettingsTask Verify(string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        new(Snapshot.Of(UseVerifyAttribute.CurrentTest(), sourceFile, extension).CompareAsync(target ?? "null"));
}
