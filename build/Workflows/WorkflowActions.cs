namespace OpenStack.Workflows;

/// <summary>The steps that jobs begin with.</summary>
/// <param name="pins">The actions that may be used.</param>
public sealed class WorkflowActions(ActionPins pins)
{
    public ActionStep Checkout() => new(pins.Of("actions/checkout")) { Name = "Check out", With = [("persist-credentials", "false")] };

    public ActionStep SetupDotNet() => new(pins.Of("actions/setup-dotnet")) { Name = "Set up .NET", With = [("global-json-file", "global.json")] };
}
