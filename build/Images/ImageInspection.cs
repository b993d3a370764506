using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Images;

/// <summary>
/// What <c>docker buildx imagetools inspect --format '{{json .}}'</c> says of an image: <c>manifest.digest</c>, and
/// <c>image.created</c>, which is by platform where there are several.
/// </summary>
static class ImageInspection
{
    public static (string Digest, DateTimeOffset Created) Read(string text, string reference)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var digest = json.RootElement.GetProperty("manifest").GetProperty("digest").GetString()!;
            var image = json.RootElement.GetProperty("image");
            var created = image.TryGetProperty("created", out var single)
                ? single.GetDateTimeOffset()
                : image.EnumerateObject().Max(x => x.Value.GetProperty("created").GetDateTimeOffset());
            return (digest, created);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ProblemException($"The description of the image {reference} cannot be read: {e.Message}", inner: e);
        }
    }
}
