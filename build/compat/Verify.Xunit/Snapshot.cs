using System.Reflection;
using System.Text;
using VerifyTests;

namespace VerifyXunit;

/// <summary>One snapshot: its two files, and the comparison.</summary>
/// <param name="prefix">Path of the files without <c>.verified.txt</c> and <c>.received.txt</c>.</param>
sealed class Snapshot(string prefix, string extension)
{
    string Verified => $"{prefix}.verified.{extension}";

    string Received => $"{prefix}.received.{extension}";

    /// <summary>Beside the source file of the test, named after its class (with the classes around it) and its method.</summary>
    public static Snapshot Of(MethodInfo test, string sourceFile, string extension)
    {
        var name = test.Name;
        for (var type = test.ReflectedType; type is not null; type = type.DeclaringType) name = $"{type.Name}.{name}";
        return new Snapshot(Path.Combine(Path.GetDirectoryName(sourceFile)!, name), extension);
    }

    /// <exception cref="VerifyException">There is no snapshot yet, or it holds another text.</exception>
    public async Task<VerifyResult> CompareAsync(string target)
    {
        var received = Normal(target);
        var verified = File.Exists(Verified) ? Normal(await File.ReadAllTextAsync(Verified)) : null;
        if (received == verified)
        {
            File.Delete(Received);
            return new VerifyResult();
        }

        await File.WriteAllTextAsync(Received, received, Encoding.UTF8);
        throw new VerifyException(
            $"""
            Directory: {Path.GetDirectoryName(Verified)}
            {(verified is null ? "New" : "NotEqual")}:
              - Received: {Path.GetFileName(Received)}
                Verified: {Path.GetFileName(Verified)}

            Received:
            {received}

            Verified:
            {verified}
            """);
    }

    static string Normal(string text) => text.TrimStart('\uFEFF').Replace("\r\n", "\n").Replace('\r', '\n');
}
