namespace OpenStack.Sources;

/// <summary>One entry of source-refs.yaml, to be resolved.</summary>
/// <param name="Component">Name of the component, which is also the name of its mirror.</param>
/// <param name="Remote">Url of its git repository.</param>
/// <param name="Ref">Branch, tag or commit.</param>
/// <param name="File">Where it is written, for messages.</param>
public sealed record RefRequest(string Component, string Remote, string Ref, string? File = null, int Line = 0, int Column = 0);
