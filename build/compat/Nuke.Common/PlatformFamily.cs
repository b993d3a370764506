namespace Nuke.Common;

/// <summary>Families of operating systems.</summary>
public enum PlatformFamily
{
    Unknown,
    Windows,
    Linux,
    OSX
}
