namespace CycloneDX.Models.Vulnerabilities;

public class Analysis
{
    public ImpactAnalysisState State { get; set; }

    public ImpactAnalysisJustification Justification { get; set; }

    public List<Response>? Response { get; set; }

    public string? Detail { get; set; }
}

public enum ImpactAnalysisState
{
    Null,
    Resolved,
    Resolved_With_Pedigree,
    Exploitable,
    In_Triage,
    False_Positive,
    Not_Affected,
}

public enum ImpactAnalysisJustification
{
    Null,
    Code_Not_Present,
    Code_Not_Reachable,
    Requires_Configuration,
    Requires_Dependency,
    Requires_Environment,
    Protected_By_Compiler,
    Protected_At_Runtime,
    Protected_At_Perimeter,
    Protected_By_Mitigating_Control,
}

public enum Response
{
    Null,
    Can_Not_Fix,
    Will_Not_Fix,
    Update,
    Rollback,
    Workaround_Available,
}
