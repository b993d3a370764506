using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Asks for a required parameter that has no value.</summary>
static class Prompt
{
    /// <exception cref="InvalidOperationException">Nobody is there to answer.</exception>
    public static object For(MemberInfo member, INukeBuild build)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            throw new InvalidOperationException($"Cannot ask for '{Parameters.NameOf(member)}' without a console.");
        var values = ValueSet.Of(member, build);
        var question = member.GetCustomAttribute<ParameterAttribute>()!.Description ?? Parameters.NameOf(member);
        while (true)
        {
            Host.Information($"{question.TrimEnd('.')}:");
            foreach (var value in values ?? [])
                Host.Information($"   {value}");
            Console.Write("»  ");
            if (Console.ReadLine()?.Trim() is { Length: > 0 } answer && (values is null || values.Contains(answer)))
                return ValueConversion.Convert([answer], Members.TypeOf(member), emptyBoolean: true);
        }
    }
}
