using System.Globalization;
using System.Text;

namespace OpenStack.Sources;

/// <summary>
/// Names of files as git has them: bytes. Those that are not UTF-8 are refused, by name: .NET cannot say them, and
/// neither BuildKit, which is to get the tree, nor a wheel can carry them.
/// </summary>
static class GitName
{
    /// <summary>What to do about one.</summary>
    public const string Remedy = "Rename it in the source, or give a ref without it";

    /// <summary>As git quotes a name in its output: <c>caf\351.txt</c>.</summary>
    /// <param name="bytes">One a character.</param>
    public static string Quote(string bytes)
    {
        var text = new StringBuilder();
        foreach (var x in bytes)
        {
            if (x is >= ' ' and < '\x7f' and not ('\\' or '"')) text.Append(x);
            else text.Append(CultureInfo.InvariantCulture, $"\\{Convert.ToString(x, 8).PadLeft(3, '0')}");
        }

        return text.ToString();
    }
}
