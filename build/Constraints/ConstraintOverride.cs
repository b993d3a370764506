namespace OpenStack.Constraints;

/// <summary>One line of an override file: a pin to set, or a name to remove.</summary>
/// <param name="Pin">What to set; null for a removal.</param>
/// <param name="Name">The name as written.</param>
/// <param name="Why">The comment that goes with it; null where there is none.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Marker">Where it counts; null for everywhere.</param>
public sealed record ConstraintOverride(string Name, Pin? Pin, string? Why, int Line, int Column, Marker? Marker = null)
{
    public PythonName Key { get; } = PythonName.Of(Name);

    public static ConstraintOverride Of(Pin pin, string? why, int line, int column) =>
        new(pin.Name, pin, why, line, column, pin.Marker);
}
