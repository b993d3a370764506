namespace VerifyTests;

/// <summary>Settings of a verification; none is in use.</summary>
public class VerifySettings;
