namespace OpenStack.NativePackages;

/// <summary>Tags of the headers of an rpm, as its documentation calls them (docs/manual/tags.md).</summary>
static class RpmTag
{
    public const int Name = 1000;
    public const int Version = 1001;
    public const int Release = 1002;
    public const int Epoch = 1003;
    public const int Summary = 1004;
    public const int Description = 1005;
    public const int BuildTime = 1006;
    public const int BuildHost = 1007;
    public const int Size = 1009;
    public const int Vendor = 1011;
    public const int License = 1014;
    public const int Packager = 1015;
    public const int Group = 1016;
    public const int Url = 1020;
    public const int Architecture = 1022;
    public const int FileModes = 1030;
    public const int FileFlags = 1037;
    public const int SourceRpm = 1044;
    public const int ProvideName = 1047;
    public const int RequireFlags = 1048;
    public const int RequireName = 1049;
    public const int RequireVersion = 1050;
    public const int ChangelogTime = 1080;
    public const int ChangelogName = 1081;
    public const int ChangelogText = 1082;
    public const int ProvideFlags = 1112;
    public const int ProvideVersion = 1113;
    public const int DirectoryIndexes = 1116;
    public const int BaseNames = 1117;
    public const int DirectoryNames = 1118;

    /// <summary>Of the header of signatures: the digest of the other header, in hexadecimal digits.</summary>
    public const int HeaderSha256 = 273;

    /// <summary>The same: a signature of the other header, by a key of RSA or of another kind.</summary>
    public const int RsaSignature = 268;

    public const int OtherSignature = 267;

    /// <summary>The same: size of the payload before it is compressed.</summary>
    public const int PayloadSize = 1007;
}
