namespace OpenStack.Constraints;

/// <summary>One line of a constraints file: a pin, or a comment or blank line to be kept.</summary>
public sealed record ConstraintLine(string Text, Pin? Pin)
{
    public override string ToString() => Pin?.Text ?? Text;
}
