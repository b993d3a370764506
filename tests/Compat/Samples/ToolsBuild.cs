using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Serilog;

/// <summary>Programs, and files.</summary>
class ToolsBuild : NukeBuild
{
    [PathVariable] readonly Tool Bash;
    [PathVariable("no-such-tool")] readonly Tool Missing;

    public static int Run() => Execute<ToolsBuild>();

    Target Says => _ => _
        .Executes(() =>
        {
            var output = Bash($"-c {"echo out; echo err >&2"}");
            Console.WriteLine($"std {output.StdToText()} missing {Missing is null}");
        });

    Target Redacts => _ => _
        .Executes(() => Bash($"-c \"echo {"hush":r} and more\""));

    Target Fails => _ => _
        .Executes(() => ProcessTasks.StartProcess("bash", "-c \"echo sorry >&2; exit 3\"").AssertZeroExitCode());

    Target Files => _ => _
        .Executes(() =>
        {
            var directory = (TemporaryDirectory / "files").CreateOrCleanDirectory();
            (directory / "a" / "c.txt").WriteAllText("c\n\n");
            (directory / "b.txt").WriteAllLines(["b", "b"]);
            (directory / "d.md").TouchFile();
            foreach (var file in directory.GlobFiles("**/*.txt").OrderBy(x => x.ToString()))
                Console.WriteLine($"{directory.GetUnixRelativePathTo(file)} "
                    + $"{file.ReadAllText().Length} {file.GetFileHash()}");
            Log.Information("path {Path}", $"{directory / "x y":dn}"[^4..]);
        });
}
