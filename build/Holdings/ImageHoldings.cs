using System.Collections.Concurrent;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Holdings;

/// <summary>
/// What the signed SBOMs of images say: of those in a registry, each verified once and remembered by the digest of its
/// image, or of documents in a directory.
/// </summary>
/// <param name="question">Of what it does not ask, nothing is held; null for all.</param>
public sealed class ImageHoldings(Question? question = null)
{
    const string Suffix = ".cdx.json";

    /// <summary>What the referrers of registries that have no list of their own are called by.</summary>
    const string DigestTag = "sha256-";

    /// <summary>Where tags lead is a question of waiting for a registry, and not of processors.</summary>
    static readonly ParallelOptions s_requests = new() { MaxDegreeOfParallelism = 16 };

    readonly ConcurrentBag<FoundImage> _found = [];
    readonly ConcurrentBag<Holding> _unknown = [];

    /// <summary>The images of which there is an SBOM that counts.</summary>
    public IReadOnlyList<FoundImage> Found => [.. _found.OrderBy(x => x.Image.Image, StringComparer.Ordinal)
        .ThenBy(x => string.Join(' ', x.Tags), StringComparer.Ordinal)
        .ThenBy(x => x.Image.Platform, StringComparer.Ordinal).ThenBy(x => x.Image.Digest, StringComparer.Ordinal)];

    /// <summary>Those of which nothing is known, and why.</summary>
    public IReadOnlyList<Holding> Unknown =>
        [.. _unknown.OrderBy(x => x.Image, StringComparer.Ordinal).ThenBy(x => x.Digest, StringComparer.Ordinal)];

    /// <summary>Adds what is published of an image.</summary>
    /// <param name="repository">Where; all its tags are looked at where it names none.</param>
    /// <param name="sboms">Whose documents count.</param>
    /// <param name="memory">What was read before, with the same trust.</param>
    public async Task AddPublishedAsync(
        RegistryClient client, RegistryReference repository, AttachedSboms sboms, HeldMemory memory)
    {
        IReadOnlyList<string> tags = repository.Tag is { } one ? [one]
            : [.. (await client.TagsAsync(repository.Repository))
                .Where(x => !x.StartsWith(DigestTag, StringComparison.Ordinal))];
        var tagged = new ConcurrentBag<(string Digest, string Tag)>();
        await Parallel.ForEachAsync(tags, s_requests, async (tag, cancellation) =>
        {
            if (await client.HeadManifestAsync(repository.Repository, tag, cancellation: cancellation) is { } manifest)
                tagged.Add((manifest.Digest, tag));
        });
        await Parallel.ForEachAsync(tagged.GroupBy(x => x.Digest, x => x.Tag), async (image, _) =>
            await AddAsync(client, repository with { Tag = null, Digest = image.Key },
                [.. image.Order(StringComparer.Ordinal)], sboms, memory));
    }

    async Task AddAsync(RegistryClient client, RegistryReference image, IReadOnlyList<string> tags, AttachedSboms sboms,
        HeldMemory memory)
    {
        try
        {
            foreach (var held in await memory.ReadAsync(image.Digest!, question)
                ?? await ReadAsync(client, image, sboms, memory)) Add(held with { Image = image.Name }, tags);
        }
        catch (ProblemException e)
        {
            _unknown.Add(new Holding(image.Name, tags, "", image.Digest!, "", "", HoldingState.Unknown,
                e.Problems[0].Found));
        }
    }

    static async Task<IReadOnlyList<HeldImage>> ReadAsync(
        RegistryClient client, RegistryReference image, AttachedSboms sboms, HeldMemory memory)
    {
        var attached = await sboms.OfAsync(client, image);
        var held = attached
            .Select(x => HeldImage.Read(image.Name, x.Platform, x.Json, $"{image}, {x.Platform}")).ToArray();
        memory.Write(image.Digest!, held);
        return held;
    }

    /// <summary>Adds the SBOMs that the target Sbom has written, or one document.</summary>
    /// <param name="place">A file, or a directory, of all builds or of one.</param>
    /// <param name="memory">What was read before.</param>
    /// <exception cref="ProblemException">There is none.</exception>
    public async Task AddWrittenAsync(AbsolutePath place, string shownAs, HeldMemory memory)
    {
        var files = File.Exists(place) ? [place]
            : !Directory.Exists(place) ? throw new ProblemException(new Problem($"'{shownAs}' is not there",
                Expected: "a .cdx.json file, or a directory that has some, such as artifacts"))
            : Directory.GetFiles(place, $"*{Suffix}", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(x => (AbsolutePath)x).Where(x => x.Parent == place || x.Parent!.Name == "sbom").ToList();
        if (files.Count == 0) throw new ProblemException(new Problem($"there is no SBOM in '{shownAs}'",
            Remedy: "Run the target Sbom, or leave out --from to ask the registry"));
        await Problems.CollectAsync(files, async (file, cancellation) =>
        {
            var bytes = await File.ReadAllBytesAsync(file, cancellation);
            var digest = Digest.OfBytes(bytes);
            var held = await memory.ReadAsync(digest, question, cancellation);
            if (held is null)
                memory.Write(digest, held = [HeldImage.Read("", "", Encoding.UTF8.GetString(bytes), file)]);
            foreach (var image in held)
                Add(image with
                {
                    Image = NameOf(place, file, shownAs),
                    Platform = file.Name[..^Suffix.Length].Replace('-', '/'),
                }, []);
        });
    }

    void Add(HeldImage image, IReadOnlyList<string> tags) => _found.Add(new FoundImage(
        question is null ? image : image with { Components = [.. image.Components.Where(question.MayConcern)] },
        tags));

    static string NameOf(AbsolutePath place, AbsolutePath file, string shownAs)
    {
        var of = file.Parent!.Name == "sbom" ? file.Parent.Parent! : file.Parent;
        var name = Path.GetRelativePath(place, of).Replace('\\', '/');
        return place == file || name == "." ? shownAs : name;
    }
}
