using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Checks what targets and <see cref="RequiredAttribute"/> require, before anything runs.</summary>
static class Requirements
{
    public static void Check(INukeBuild build)
    {
        foreach (var target in build.ScheduledTargets)
        {
            foreach (var requirement in target.DelegateRequirements)
                Check(requirement, target, build);
        }

        foreach (var injection in ValueInjector.Of(build.GetType()))
        {
            if (Attribute.IsDefined(injection.Member, typeof(RequiredAttribute)) && IsEmpty(injection.Member, build, from: ""))
                throw new Exception($"Member '{NameOf(injection.Member)}' is required to be not null or empty");
        }
    }

    static void Check(LambdaExpression requirement, ExecutableTarget target, INukeBuild build)
    {
        if (requirement is Expression<Func<bool>> condition)
        {
            if (!condition.Compile(preferInterpretation: true)())
                throw new ArgumentException($"Target '{target.Name}' requires '{requirement.Body}'");
        }
        else if (IsEmpty(Members.Of(requirement), build, from: $"from target '{target.Name}' "))
            throw new Exception($"Target '{target.Name}' requires member '{NameOf(Members.Of(requirement))}' to be not null or empty");
    }

    static bool IsEmpty(MemberInfo member, INukeBuild build, string from)
    {
        if (member.DeclaringType != build.GetType())
            member = build.GetType().GetMember(member.Name).SingleOrDefault() ?? member;
        if (!Attribute.IsDefined(member, typeof(ValueInjectionAttributeBase)))
            throw new ArgumentException($"Member '{NameOf(member)}' is required {from}but not marked with an injection attribute.");

        var value = Members.GetValue(member, build);
        var isPromptable = Attribute.IsDefined(member, typeof(ParameterAttribute)) && member is not PropertyInfo { CanWrite: false };
        if (value is null && isPromptable && build.Host is Terminal)
        {
            value = Prompt.For(member, build);
            Members.SetValue(member, build, value);
        }

        return value is string text ? string.IsNullOrWhiteSpace(text) : value is null;
    }

    static string NameOf(MemberInfo member) =>
        Attribute.IsDefined(member, typeof(ParameterAttribute)) ? Parameters.NameOf(member) : member.Name;
}
