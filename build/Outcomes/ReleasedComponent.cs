namespace OpenStack.Outcomes;

/// <summary>A service, a library or a plugin of one release, as a run names it: <c>nova 2025.1</c>.</summary>
public sealed record ReleasedComponent(string Component, string Release)
{
    public override string ToString() => $"{Component} {Release}";
}
