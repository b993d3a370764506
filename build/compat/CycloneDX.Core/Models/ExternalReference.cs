namespace CycloneDX.Models;

public class ExternalReference
{
    public enum ExternalReferenceType
    {
        Other,
        Vcs,
        Issue_Tracker,
        Website,
        Advisories,
        Bom,
        Mailing_List,
        Social,
        Chat,
        Documentation,
        Support,
        Distribution,
        License,
        Build_Meta,
        Build_System,
    }

    public string? Url { get; set; }

    public ExternalReferenceType Type { get; set; }
}
