namespace Nuke.Common.IO;

public static partial class AbsolutePathExtensions
{
    const ExistsPolicy FilePolicies = ExistsPolicy.FileFail | ExistsPolicy.FileSkip | ExistsPolicy.FileOverwrite | ExistsPolicy.FileOverwriteIfNewer;

    /// <returns>The target, or the source where a file was skipped.</returns>
    public static AbsolutePath Copy(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null,
        Func<AbsolutePath, bool> excludeFile = null,
        bool createDirectories = true)
    {
        Assert.True(source.DirectoryExists() || source.FileExists());
        if (!source.DirectoryExists())
        {
            Assert.True(excludeDirectory == null && excludeFile == null);
            return Transfer(source, target, policy, createDirectories, () => File.Copy(source, target, overwrite: true));
        }

        CheckDirectories(source, target, policy);
        if (createDirectories)
            target.CreateDirectory();
        foreach (var directory in source.GetDirectories().Where(x => excludeDirectory?.Invoke(x) != true).ToArray())
            directory.Copy(target / directory.Name, policy, excludeDirectory, excludeFile);
        foreach (var file in source.GetFiles().Where(x => excludeFile?.Invoke(x) != true).ToArray())
            file.Copy(target / file.Name, policy);
        return target;
    }

    /// <inheritdoc cref="Copy"/>
    public static AbsolutePath Move(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        bool createDirectories = true,
        bool deleteRemainingFiles = false)
    {
        Assert.True(source.DirectoryExists() || source.FileExists());
        if (!source.DirectoryExists())
            return Transfer(source, target, policy, createDirectories, () => File.Move(source, target, overwrite: true));

        CheckDirectories(source, target, policy);
        if (createDirectories)
            target.CreateDirectory();
        foreach (var directory in source.GetDirectories().ToArray())
            directory.Move(target / directory.Name, policy);
        foreach (var file in source.GetFiles().ToArray())
            file.Move(target / file.Name, policy);
        if (deleteRemainingFiles || !Directory.EnumerateFileSystemEntries(source).Any())
            source.DeleteDirectory();
        return target;
    }

    static AbsolutePath Transfer(AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories, Action action)
    {
        if (target.FileExists() && !MayReplace(source, target, policy))
            return source;
        if (createDirectories)
            target.Parent.CreateDirectory();
        action();
        return target;
    }

    static bool MayReplace(AbsolutePath source, AbsolutePath target, ExistsPolicy policy) => (policy & FilePolicies) switch
    {
        ExistsPolicy.FileFail => throw new Exception($"File '{target}' already exists"),
        ExistsPolicy.FileSkip => false,
        ExistsPolicy.FileOverwrite => true,
        ExistsPolicy.FileOverwriteIfNewer => File.GetLastWriteTimeUtc(target) < File.GetLastWriteTimeUtc(source),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "Multiple file policies set")
    };

    static void CheckDirectories(AbsolutePath source, AbsolutePath target, ExistsPolicy policy)
    {
        Assert.False(source.Contains(target), $"Target directory '{target}' must not be in source directory '{source}'");
        Assert.True(
            !target.DirectoryExists() || (policy.HasFlag(ExistsPolicy.DirectoryMerge) && !policy.HasFlag(ExistsPolicy.DirectoryFail)),
            "Policy disallows merging directories");
    }
}
