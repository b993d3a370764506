using System.Collections.Concurrent;
using System.Net.Http.Headers;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Indexes;

/// <summary>
/// Indexes in the order in which they are asked. What the first has that knows a name is all that there is of it: a
/// public index that has a newer version of a name of one's own is not even asked (uv, "first-index").
/// </summary>
/// <param name="indexes">The default one last.</param>
public sealed class IndexList(IReadOnlyList<SimpleIndex> indexes)
{
    readonly ConcurrentDictionary<PythonName, Lazy<Task<IndexedProject>>> _answers = [];

    public IReadOnlyList<SimpleIndex> Indexes => indexes;

    /// <inheritdoc cref="PackageIndex.AuthorizationFor"/>
    public AuthenticationHeaderValue? AuthorizationFor(Uri address) =>
        indexes.Select(x => x.Index.AuthorizationFor(address)).FirstOrDefault(x => x is not null);

    /// <summary>What there is of a project; asked once.</summary>
    /// <exception cref="ProblemException">No index has it, or one cannot be asked.</exception>
    public Task<IndexedProject> FindAsync(PythonName name) =>
        _answers.GetOrAdd(name, x => new Lazy<Task<IndexedProject>>(() => AskAsync(x))).Value;

    /// <summary>The versions that there are of it, lowest first.</summary>
    /// <exception cref="ProblemException">No index has it, or one cannot be asked.</exception>
    public async Task<IReadOnlyList<IndexedVersion>> VersionsAsync(PythonName name) =>
        IndexedVersion.AllOf(await FindAsync(name));

    async Task<IndexedProject> AskAsync(PythonName name)
    {
        foreach (var index in indexes)
        {
            if (await index.FilesAsync(name) is { } files) return new IndexedProject(name, index, files);
        }

        throw new ProblemException(new Problem($"no index has a distribution '{name}'",
            Expected: $"one in {string.Join(" or ", indexes.Select(x => x.Index))}",
            Remedy: "Check its name, or name the index that has it (--index)"));
    }
}

/// <param name="Index">The one that has it.</param>
/// <param name="Files">All of them, yanked ones too.</param>
public sealed record IndexedProject(PythonName Name, SimpleIndex Index, IReadOnlyList<ProjectFile> Files);
