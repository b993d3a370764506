namespace Nuke.Common;

/// <summary>A step of the build: a property of this type, found by reflection.</summary>
public delegate ITargetDefinition Target(ITargetDefinition definition);

/// <summary>Prepares what the targets that call <see cref="ITargetDefinition.DependsOnContext{T}"/> share.</summary>
public delegate ITargetDefinition Setup(ITargetDefinition definition);

/// <summary>Undoes a <see cref="Setup"/> of the same component, also after a failure.</summary>
public delegate ITargetDefinition Cleanup(ITargetDefinition definition);
