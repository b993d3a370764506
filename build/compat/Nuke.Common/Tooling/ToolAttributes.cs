using System.Reflection;
using Nuke.Common.IO;

namespace Nuke.Common.Tooling;

/// <summary>Injects a program from <c>&lt;NAME&gt;_EXE</c> or the path; by default it is called like the member.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class PathVariableAttribute : ToolInjectionAttributeBase
{
    readonly string name;

    public PathVariableAttribute(string pathExecutable = null) => name = pathExecutable;

    public override ToolRequirement GetRequirement(MemberInfo member) => null;

    public override object GetValue(MemberInfo member, object instance)
    {
        var executable = name ?? member.Name.ToLowerInvariant();
        return ToolResolver.TryGetEnvironmentTool(executable) ?? ToolResolver.GetPathTool(executable);
    }
}

/// <summary>Injects a program by its path, relative to the root directory.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class LocalPathAttribute : ToolInjectionAttributeBase
{
    readonly string path;

    public LocalPathAttribute(string absoluteOrRelativePath) => path = absoluteOrRelativePath;

    public LocalPathAttribute(string windowsPath, string unixPath) => path = EnvironmentInfo.IsWin ? windowsPath : unixPath;

    public override ToolRequirement GetRequirement(MemberInfo member) => null;

    public override object GetValue(MemberInfo member, object instance) =>
        ToolResolver.GetTool(PathConstruction.HasPathRoot(path) ? path : NukeBuild.RootDirectory / path);
}
