using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Storage;

namespace OpenStack.Holdings;

/// <summary>
/// What was read of SBOMs before, by what it was read from. A line for each component begins with its name, so that of
/// hundreds of images only those lines are read that a question is about.
/// </summary>
/// <param name="directory">Of files that may be removed at any time.</param>
public sealed class HeldMemory(AbsolutePath directory)
{
    /// <summary>The first line; what begins otherwise was written by another version of this code.</summary>
    static ReadOnlySpan<byte> Form => "openstack-images holdings 2\n"u8;

    /// <summary>What lines begin with: those of an image, and those of its components, which follow it.</summary>
    const byte ImageMark = (byte)'=', ComponentMark = (byte)'-';

    /// <summary>What is remembered; null where nothing is.</summary>
    /// <param name="digest">What it was read from.</param>
    /// <param name="question">Components that it is not about may be left out.</param>
    public async Task<IReadOnlyList<HeldImage>?> ReadAsync(string digest, Question? question,
        CancellationToken cancellation = default)
    {
        var file = FileOf(digest);
        if (!File.Exists(file)) return null;
        try
        {
            return Parse(await File.ReadAllBytesAsync(file, cancellation),
                question?.PlainName is { } name ? BeginningOf(name) : [ComponentMark]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(string digest, IEnumerable<HeldImage> images)
    {
        using var text = new MemoryStream();
        text.Write(Form);
        foreach (var image in images)
        {
            text.WriteByte(ImageMark);
            JsonSerializer.Serialize(text, image with { Components = [] }, HoldingsJson.Default.HeldImage);
            text.WriteByte((byte)'\n');
            foreach (var component in image.Components)
            {
                text.Write(BeginningOf(component.Name));
                JsonSerializer.Serialize(text, component, HoldingsJson.Default.HeldComponent);
                text.WriteByte((byte)'\n');
            }
        }

        AtomicFile.Write(FileOf(digest), x => File.WriteAllBytes(x, text.ToArray()));
    }

    /// <summary>How the line of a component begins; no name has a line break or a tab in it then.</summary>
    static byte[] BeginningOf(string name) =>
        [ComponentMark, .. JsonEncodedText.Encode(PythonName.Of(name).Value).EncodedUtf8Bytes, (byte)'\t'];

    AbsolutePath FileOf(string digest) => directory / $"{digest.Replace(':', '-')}.holdings";

    /// <param name="wanted">How the line of a component begins that is read.</param>
    static List<HeldImage>? Parse(ReadOnlySpan<byte> text, ReadOnlySpan<byte> wanted)
    {
        if (!text.StartsWith(Form)) return null;
        var images = new List<(HeldImage Image, List<HeldComponent> Components)>();
        for (text = text[Form.Length..]; text.IndexOf((byte)'\n') is >= 0 and var end; text = text[(end + 1)..])
        {
            var line = text[..end];
            if (line is [ImageMark, .. var image])
                images.Add((JsonSerializer.Deserialize(image, HoldingsJson.Default.HeldImage)!, []));
            else if (line.StartsWith(wanted))
                images[^1].Components.Add(JsonSerializer.Deserialize(line[(line.IndexOf((byte)'\t') + 1)..],
                    HoldingsJson.Default.HeldComponent)!);
        }

        return [.. images.Select(x => x.Image with { Components = [.. x.Components] })];
    }
}
