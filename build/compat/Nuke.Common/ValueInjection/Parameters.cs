using System.Reflection;
using System.Text;

namespace Nuke.Common.ValueInjection;

/// <summary>Parameter values by precedence, and how parameters are called.</summary>
static class Parameters
{
    public const string Target = "Target";
    public const string Skip = "Skip";
    public const string Profile = "Profile";
    public const string Root = "Root";
    public const string TargetSeparator = "+";
    public const string GenerateConfiguration = "generate-configuration";
    public const string ShellCompletion = "shell-completion";

    static readonly string[] KnownWords =
        ["DotNet", "GitHub", "GitVersion", "MSBuild", "NuGet", "ReSharper", "AppVeyor", "TeamCity", "GitLab", "SignPath", "JetBrains"];

    /// <summary>Set once the build exists: what comes before that knows no files.</summary>
    public static ParameterFiles Files { get; set; }

    public static object Get(MemberInfo member, Type type)
    {
        var attribute = member.GetCustomAttribute<ParameterAttribute>();
        return Get(NameOf(member), type, attribute?.Separator is [var separator, ..] ? separator : null);
    }

    public static T Get<T>(string name, char? separator = null) => (T)Get(name, typeof(T), separator);

    public static object Get(string name, Type type, char? separator) =>
        (CommandLine.Current.Has(name) ? CommandLine.Current.Get(name, type, separator) : null)
        ?? (name == Target ? CommandLine.Current.GetPositional(type, separator) : null)
        ?? EnvironmentVariables.Get(name, type, separator)
        ?? Files?.Get(name, type);

    public static string NameOf(MemberInfo member) =>
        member.DeclaringType!.GetCustomAttribute<ParameterPrefixAttribute>()?.Prefix
        + (member.GetCustomAttribute<ParameterAttribute>()?.Name ?? member.Name);

    /// <summary>As on the command line: <c>ApiKey</c> is <c>api-key</c>, and <c>GitHubToken</c> <c>github-token</c>.</summary>
    public static string DashedName(string name) => WordsOf(name, '-').ToLowerInvariant();

    /// <summary>The words of a name in camel case; names of well-known products stay together.</summary>
    public static string WordsOf(string name, char separator)
    {
        var result = new StringBuilder();
        var afterLower = false;
        var wordEnd = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var isHump = afterLower && char.IsUpper(name[i]);
            afterLower = char.IsLower(name[i]) && !isHump;
            if (i >= wordEnd && Array.Find(KnownWords, x => string.Compare(name, i, x, 0, x.Length, StringComparison.OrdinalIgnoreCase) == 0) is { } word)
            {
                wordEnd = i + word.Length - 1;
                isHump = i > 0;
            }
            else if (i <= wordEnd)
                isHump = false;

            if (isHump)
                result.Append(separator);
            result.Append(name[i]);
        }

        return result.ToString();
    }
}
