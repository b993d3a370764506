namespace Nuke.Common.Execution;

/// <summary>The JSON schema of the parameters of a build.</summary>
public class SchemaUtility
{
    public static string GetJsonString(INukeBuild build) => new BuildSchema(build).ToJson();
}
