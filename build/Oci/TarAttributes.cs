using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using static OpenStack.Oci.TarFormat;

namespace OpenStack.Oci;

/// <summary>What a tar entry says of a file beside what it is and holds.</summary>
/// <param name="Type">As it is written: '0', '2', '3', …</param>
/// <param name="Mode">Permissions, setuid, setgid and sticky bits.</param>
/// <param name="User">Number of its user.</param>
/// <param name="Group">Number of its group.</param>
/// <param name="Major">Of a device.</param>
/// <param name="Minor">Of a device.</param>
/// <param name="Time">When it was modified, in whole seconds since 1970.</param>
/// <param name="Extended">
/// Extended attributes (<c>SCHILY.xattr.…</c>), file capabilities among them, and whatever else an extended header
/// says, by key.
/// </param>
sealed record TarAttributes(
    char Type, int Mode, long User, long Group, long Major, long Minor, long Time,
    IReadOnlyList<KeyValuePair<string, byte[]>> Extended)
{
    /// <summary>Those of a directory that nobody has said anything of.</summary>
    public static TarAttributes Directory { get; } = new('5', 0x1ED, 0, 0, 0, 0, 0, []);

    /// <summary>Names of users and groups are not taken over: an image has its own.</summary>
    /// <param name="header">The entry's own header.</param>
    /// <param name="pax">Records of its extended header, but path, link and size.</param>
    /// <exception cref="InvalidDataException">A number is none.</exception>
    public static TarAttributes Read(ReadOnlySpan<byte> header, IReadOnlyList<KeyValuePair<string, byte[]>> pax)
    {
        // Of several records with one key the last counts.
        var said = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in pax) said[key] = value;
        var type = header[156] is 0 or (byte)'7' ? '0' : (char)header[156];
        return new TarAttributes(
            type,
            (int)ReadNumber(header.Slice(100, 8)) & 0xFFF,
            said.Remove("uid", out var user) ? Number(user) : ReadNumber(header.Slice(108, 8)),
            said.Remove("gid", out var group) ? Number(group) : ReadNumber(header.Slice(116, 8)),
            type is '3' or '4' ? ReadNumber(header.Slice(329, 8)) : 0,
            type is '3' or '4' ? ReadNumber(header.Slice(337, 8)) : 0,
            said.Remove("mtime", out var time) ? Number(time) : ReadNumber(header.Slice(136, 12)),
            [.. said.Where(x => x.Key is not ("atime" or "ctime" or "uname" or "gname"))
                .OrderBy(x => x.Key, StringComparer.Ordinal)]);
    }

    /// <summary>Adds all that it says, but the time, to what is hashed.</summary>
    public void AddTo(IncrementalHash hash)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{Type}\0{Mode}\0{User}\0{Group}\0{Major}\0{Minor}\0{Extended.Count}\0")));
        foreach (var (key, value) in Extended)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}={value.Length}="));
            hash.AppendData(value);
        }
    }

    /// <summary>Whether two entries say the same, whenever they were modified.</summary>
    public bool IsSame(TarAttributes other) =>
        this with { Time = 0, Extended = [] } == other with { Time = 0, Extended = [] }
        && Extended.Count == other.Extended.Count
        && Extended.Zip(other.Extended).All(x => x.First.Key == x.Second.Key
            && x.First.Value.AsSpan().SequenceEqual(x.Second.Value));

    static long Number(byte[] text) =>
        decimal.TryParse(Encoding.ASCII.GetString(text), NumberStyles.Float, CultureInfo.InvariantCulture, out var x)
            && x is > -1e15m and < 1e15m
            ? (long)decimal.Floor(x) : throw new InvalidDataException("an extended header is broken");
}
