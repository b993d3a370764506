using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Notes;
using OpenStack.Pipeline.Sources;
using OpenStack.Sbom;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Tells what one image brings that another has not.</summary>
interface IHazNotes : IHazSboms, IHazSources
{
    const string NotesFile = "release-notes.json", NotesPage = "release-notes.md";

    /// <summary>What a mirror here lacks is fetched.</summary>
    /// <param name="from">An image, or SBOMs.</param>
    /// <param name="name">What the second one is called.</param>
    async Task<ReleaseNotes> NotesAsync(string from, string to, string name)
    {
        var references = new SbomReferences(EnvironmentInfo.WorkingDirectory, PublishedSbomsAsync);
        var mirrors = MirrorsByRemote(isOffline: false);
        return await ReleaseNotes.OfAsync(NotedImage.Read(from, await references.DocumentsAsync(from)),
            NotedImage.Read(name, await references.DocumentsAsync(to)),
            new UpstreamHistory(x => mirrors.GetValueOrDefault(x)));
    }

    /// <summary>As JSON, as Markdown, and on the page of the job.</summary>
    void Write(ReleaseNotes notes, AbsolutePath directory)
    {
        var markdown = NotesText.Markdown(notes);
        Results.Page(() => markdown);
        AtomicFile.WriteText(directory / NotesFile, notes.ToJson());
        AtomicFile.WriteText(directory / NotesPage, markdown);
        Log.Information("{Image} brings {Summary}", notes.To, NotesText.Summary(notes));
        if (notes.Loses.Count > 0)
            Log.Warning("{Image} loses the fix of {Vulnerabilities}", notes.To, string.Join(", ", notes.Loses));
    }
}
