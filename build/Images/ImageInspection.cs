using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Images;

/// <summary>
/// What <c>docker buildx imagetools inspect --format '{{json .}}'</c> says of an image: <c>manifest.digest</c>, and of
/// its configuration, which is by platform where there are several, <c>created</c> and <c>rootfs.diff_ids</c>.
/// </summary>
/// <param name="Digest">Of its manifest or index.</param>
/// <param name="Created">When it was made.</param>
/// <param name="DiffIds">Digests of its layers' content, lowest first.</param>
public sealed record ImageInspection(string Digest, DateTimeOffset Created, IReadOnlyList<string> DiffIds)
{
    /// <exception cref="ProblemException">The image has no such platform, or the text is something else.</exception>
    public static ImageInspection Read(string text, string reference, string platform)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var digest = json.RootElement.GetProperty("manifest").GetProperty("digest").GetString()!;
            var image = json.RootElement.GetProperty("image");
            if (!image.TryGetProperty("rootfs", out _) && !image.TryGetProperty(platform, out image))
            {
                throw new ProblemException($"The image {reference} has no platform {platform}",
                    "Choose another with --platform");
            }

            return new ImageInspection(
                digest,
                image.GetProperty("created").GetDateTimeOffset(),
                [.. image.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(x => x.GetString()!)]);
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ProblemException($"The description of the image {reference} cannot be read: {e.Message}",
                inner: e);
        }
    }
}
