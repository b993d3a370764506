using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// A change of several files of the catalog, made as a whole: everything is written aside, the catalog that it leads to
/// is loaded, and from the moment that its plan is in place the change happens, however often it is interrupted:
/// whoever loads the catalog next completes it.
/// </summary>
/// <param name="root">The repository.</param>
/// <param name="aside">Directory for what is not yet in its place; on the same file system.</param>
public sealed class CatalogChange(AbsolutePath root, AbsolutePath aside)
{
    /// <summary>Where files of the catalog are.</summary>
    static readonly string[] s_roots = ["images", "overrides", "patches", "releases"];

    readonly SortedDictionary<string, byte[]?> _files = new(StringComparer.Ordinal);

    /// <summary>Whether the catalog that the change leads to has been loaded, and so is known to be whole.</summary>
    bool _isLoaded;

    /// <summary>
    /// The files that the change writes or, with a null text, removes; by path relative to the repository.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Files =>
        _files.ToDictionary(x => x.Key, x => x.Value is null ? null : Encoding.UTF8.GetString(x.Value));

    /// <summary>A file as it will be; null where there will be none.</summary>
    public string? Read(string path)
    {
        if (_files.TryGetValue(path, out var contents))
            return contents is null ? null : Encoding.UTF8.GetString(contents);
        return File.Exists(root / path) ? Utf8File.Read(root / path, path) : null;
    }

    public void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] contents) => (_files[path], _isLoaded) = (contents, false);

    /// <summary>Removes a file, or a directory with everything in it.</summary>
    public void Remove(string path)
    {
        _isLoaded = false;
        if (File.Exists(root / path)) _files[path] = null;
        if (!Directory.Exists(root / path)) return;
        foreach (var (name, entry) in FileTree.Entries(root / path))
            if (entry is FileInfo || entry.LinkTarget is not null) _files[$"{path}/{name}"] = null;
    }

    /// <summary>Makes the change.</summary>
    /// <exception cref="ProblemException">
    /// The catalog would be broken after it; nothing has been changed then.
    /// </exception>
    public void Make()
    {
        if (_files.Count == 0) return;
        using var held = Hold(aside);
        Complete(root, aside);
        Begin();
        Complete(root, aside);
    }

    /// <summary>Puts everything in place that it takes to make the change.</summary>
    internal void Begin()
    {
        Removal.Remove(aside);
        if (!_isLoaded)
        {
            _ = LoadResult(aside / "result");
            Directory.Delete(aside / "result", recursive: true);
        }

        WriteBelow(aside / "files");
        var plan = new ChangePlan([.. _files.Select(x =>
            new PlannedFile(x.Key, DigestOf(root / x.Key), x.Value is null ? null : Digest.OfBytes(x.Value)))]);
        AtomicFile.WriteText(PlanIn(aside), JsonSerializer.Serialize(plan, ChangeJson.Default.ChangePlan));
    }

    /// <summary>Completes a change that a killed run began. Nothing, and at no cost, where there is none.</summary>
    /// <exception cref="ProblemException">Somebody changed one of its files since.</exception>
    public static void CompleteBegun(AbsolutePath root, AbsolutePath aside)
    {
        if (!File.Exists(PlanIn(aside))) return;
        using var held = Hold(aside);
        Complete(root, aside);
    }

    static void Complete(AbsolutePath root, AbsolutePath aside)
    {
        if (!File.Exists(PlanIn(aside))) return;
        var plan = JsonSerializer.Deserialize(File.ReadAllText(PlanIn(aside)), ChangeJson.Default.ChangePlan)!;
        var open = plan.Files.Where(x => DigestOf(root / x.Path) != x.After).ToList();
        ProblemException.ThrowIfAny([.. open.Where(x => DigestOf(root / x.Path) != x.Before).Select(x => new Problem(
            "the file was changed after a change of the catalog was begun that would overwrite it", x.Path,
            Remedy: $"Undo that, or delete {aside} to forget the change"))]);
        foreach (var file in open)
        {
            if (file.After is not null)
                AtomicFile.Write(root / file.Path, x => File.Copy(aside / "files" / file.Path, x));
            else File.Delete(root / file.Path);
        }

        foreach (var file in plan.Files.Where(x => x.After is null)) RemoveEmpty(root, (root / file.Path).Parent!);
        File.Delete(PlanIn(aside));
        Directory.Delete(aside, recursive: true);
    }

    static void RemoveEmpty(AbsolutePath root, AbsolutePath directory)
    {
        for (; directory.Parent! != root; directory = directory.Parent!)
        {
            if (!Directory.Exists(directory)) continue;
            if (Directory.EnumerateFileSystemEntries(directory).Any()) return;
            Directory.Delete(directory);
        }
    }

    /// <summary>Loads the catalog as it will be, from a copy, which stays.</summary>
    /// <param name="copy">A directory that does not exist, or is empty.</param>
    /// <exception cref="ProblemException">The catalog would be broken.</exception>
    public ReleaseCatalog LoadResult(AbsolutePath copy)
    {
        foreach (var directory in s_roots.Where(x => Directory.Exists(root / x)))
        {
            foreach (var (name, entry) in FileTree.Entries(root / directory))
            {
                var path = $"{directory}/{name}";
                if (entry is not FileInfo || _files.ContainsKey(path)) continue;
                Directory.CreateDirectory((copy / path).Parent!);
                File.Copy(root / path, copy / path);
            }
        }

        WriteBelow(copy);
        var catalog = CatalogLoader.Load(copy);
        _isLoaded = true;
        return catalog;
    }

    void WriteBelow(AbsolutePath directory)
    {
        foreach (var (path, contents) in _files)
            if (contents is not null) AtomicFile.Write(directory / path, x => File.WriteAllBytes(x, contents));
    }

    static FileLock Hold(AbsolutePath aside) => FileLock.AcquireAsync($"{aside}.lock").GetAwaiter().GetResult();

    static AbsolutePath PlanIn(AbsolutePath aside) => aside / "plan.json";

    static string? DigestOf(AbsolutePath file) => File.Exists(file) ? Digest.OfFile(file) : null;
}

/// <summary>What a change does.</summary>
sealed record ChangePlan(PlannedFile[] Files);

/// <summary>A file of a change, with its digests; null where there is no file.</summary>
/// <param name="Path">Relative to the repository.</param>
sealed record PlannedFile(string Path, string? Before, string? After);

[JsonSerializable(typeof(ChangePlan))]
[JsonSourceGenerationOptions(WriteIndented = true)]
sealed partial class ChangeJson : JsonSerializerContext;
