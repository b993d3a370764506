using System.Globalization;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Oci;

/// <summary>How layers are packed.</summary>
/// <param name="MediaType">Of a layer that is packed so.</param>
/// <param name="Key">What the bytes depend on beside the content.</param>
public sealed record LayerPacking(string MediaType, string Key)
{
    const string Gzip = "gzip", Zstd = "zstd";
    const int GzipLevel = 5, ZstdLevel = 6, HighestZstdLevel = 19;

    int Level { get; init; }

    /// <summary>Not at all: quicker to write and to read.</summary>
    public static LayerPacking None { get; } = new(OciMediaTypes.Layer, "");

    /// <summary>With gzip, which every engine reads.</summary>
    public static LayerPacking Default { get; } =
        new(OciMediaTypes.GzipLayer, BlockGzipStream.Packing) { Level = GzipLevel };

    /// <param name="text"><c>gzip</c>, <c>zstd</c>, or <c>zstd:</c> and a level: <c>--compression</c>.</param>
    /// <exception cref="ProblemException">It is something else.</exception>
    public static LayerPacking Parse(string text)
    {
        if (text == Gzip) return Default;
        var parts = text.Split(':');
        var level = ZstdLevel;
        var isLevel = parts is [Zstd] || parts is [Zstd, var number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out level)
            && level is >= 1 and <= HighestZstdLevel;
        return isLevel
            ? new LayerPacking(OciMediaTypes.ZstdLayer, $"{BlockZstdStream.Packing}, level {level}") { Level = level }
            : throw new ProblemException(new Problem($"--compression {text} is not known",
                Expected: $"gzip, zstd, or zstd:<level> with a level from 1 to {HighestZstdLevel}",
                Remedy: parts[0] == Zstd ? null : Suggest.DidYouMean(parts[0], [Gzip, Zstd])));
    }

    /// <summary>A stream that packs what is written to it.</summary>
    /// <param name="output">Gets it; stays open.</param>
    internal Stream Open(Stream output) => MediaType switch
    {
        OciMediaTypes.GzipLayer => new BlockGzipStream(output, Level),
        OciMediaTypes.ZstdLayer => new BlockZstdStream(output, Level),
        _ => new UnpackedStream(output),
    };

    /// <summary>Writes on, and leaves open what it writes to.</summary>
    sealed class UnpackedStream(Stream output) : WriteOnlyStream
    {
        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

        public override void Flush() => output.Flush();
    }
}
