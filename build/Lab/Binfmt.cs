using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>
/// The kernel's table of program formats, binfmt_misc. It is the whole machine's: what a laboratory puts there bears
/// its name, also the mount where it was not mounted, so that the table itself tells what is to be taken back.
/// </summary>
/// <param name="directory">Where it is mounted, <c>/proc/sys/fs/binfmt_misc</c>.</param>
sealed class Binfmt(AbsolutePath directory)
{
    /// <summary>The device of a laboratory's mount, and the beginning of the names of laboratories' handlers.</summary>
    public const string Owner = "openstack-lab";

    const string Type = "binfmt_misc";

    public static Binfmt OfKernel { get; } = new("/proc/sys/fs/binfmt_misc");

    AbsolutePath Registration => directory / "register";

    /// <summary>Empty where it is not mounted.</summary>
    public IReadOnlyList<BinfmtHandler> Handlers => !File.Exists(Registration) ? [] :
    [
        .. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(x => Path.GetFileName(x))
            .Where(x => x is not ("register" or "status")).Select(Read).OfType<BinfmtHandler>(),
    ];

    /// <summary>A handler by its name; null when there is none.</summary>
    public BinfmtHandler? Read(string name)
    {
        try
        {
            return BinfmtHandler.Parse(name, File.ReadAllText(directory / name));
        }
        catch (IOException)
        {
            // Taken back in this moment.
            return null;
        }
    }

    /// <summary>Mounts it unless it is.</summary>
    /// <exception cref="ProblemException">The kernel lacks it, does not let us, or has it switched off.</exception>
    public async Task RequireAsync(string remedy, CancellationToken cancellation)
    {
        if (!File.Exists(Registration))
        {
            var mount = await new Command("mount", "-t", Type, Owner, directory).RunAsync(cancellation);
            if (!mount.Succeeded && !File.Exists(Registration))
                throw new ProblemException($"The kernel's binfmt_misc cannot be mounted ({mount.Tail(1).Trim()})",
                    remedy);
        }

        if (File.ReadAllText(directory / "status").Trim() != "enabled")
            throw new ProblemException("The kernel's binfmt_misc is switched off",
                $"Switch it on: echo 1 >{directory / "status"}");
    }

    /// <summary>Registers a format, in front of those there are.</summary>
    /// <param name="line"><c>:name:M:offset:magic:mask:interpreter:flags</c>.</param>
    public void Register(string line, string remedy)
    {
        try
        {
            Write(Registration, line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException($"The kernel does not take '{line}' into binfmt_misc ({e.Message})", remedy, e);
        }
    }

    /// <summary>Takes back all handlers whose names begin so.</summary>
    public void Remove(string prefix)
    {
        foreach (var handler in Handlers.Where(x => x.Name.StartsWith(prefix, StringComparison.Ordinal)))
            Write(directory / handler.Name, "-1");
    }

    /// <summary>Takes back a laboratory's mount when nothing is left in it, whichever laboratory it was.</summary>
    public async Task UnmountAsync()
    {
        if (IsOfLaboratory(File.ReadAllText("/proc/self/mountinfo"), directory) && Handlers.Count == 0)
            await new Command("umount", "--", directory).RunAsync();
    }

    /// <summary>Whether the last mount there (proc_pid_mountinfo(5)) is one of a laboratory's.</summary>
    internal static bool IsOfLaboratory(string mountinfo, AbsolutePath directory) => mountinfo.Split('\n')
        .Select(x => x.Split(' '))
        .LastOrDefault(x => x.Length > 4 && x[4] == directory) is { } mount
        && mount.SkipWhile(x => x != "-").Skip(1).Take(2).SequenceEqual([Type, Owner]);

    /// <summary>In one write, as the kernel wants it; nothing is created.</summary>
    static void Write(AbsolutePath file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
