namespace CycloneDX.Models;

public class Lifecycles
{
    public enum LifecyclePhase
    {
        Design,
        Pre_Build,
        Build,
        Post_Build,
        Operations,
        Discovery,
        Decommission,
    }

    public LifecyclePhase? Phase { get; set; }
}
