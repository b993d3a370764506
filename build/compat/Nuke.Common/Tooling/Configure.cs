namespace Nuke.Common.Tooling;

/// <summary>Changes options, or makes changed ones.</summary>
public delegate T Configure<T>(T options);
