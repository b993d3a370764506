using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Tooling;

/// <summary>A tool that would be installed before the build runs. None is: those on the path need no installation.</summary>
public class ToolRequirement;

/// <summary>Injects a <see cref="Tool"/>. A tool that is missing is null, without a warning.</summary>
public abstract class ToolInjectionAttributeBase : ValueInjectionAttributeBase
{
    public override bool SuppressWarnings => true;

    public abstract ToolRequirement GetRequirement(MemberInfo member);
}
