using System.Buffers.Binary;
using Nuke.Common.IO;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary>
/// Signs an rpm's header, which has the digest of its payload (rpm, docs/manual/signatures_digests.md): the header of
/// signatures is written anew, everything behind it stays.
/// </summary>
static class RpmSigner
{
    /// <summary>The region that all tags of the header of signatures are in.</summary>
    const int Region = 62;

    /// <summary>Those of the header, and those of header and payload that rpm wrote before.</summary>
    static readonly int[] s_signatures = [RpmTag.OtherSignature, RpmTag.RsaSignature, 1002, 1005];

    /// <summary>Room that is left for a signature.</summary>
    const int ReservedSpace = 1008;

    const int Binary = 7;
    const int EntrySize = 16;

    /// <param name="target">Is replaced.</param>
    public static void Sign(RpmFile rpm, OpenPgpKey key, AbsolutePath target)
    {
        var tag = key.IsRsa ? RpmTag.RsaSignature : RpmTag.OtherSignature;
        var entries = rpm.Signatures.Entries.Where(x => x.Tag != Region && x.Tag != ReservedSpace
            && !s_signatures.Contains(x.Tag)).ToList();
        var signature = key.SignBinary(rpm.Header.Bytes);
        entries.Add(new RpmEntry(tag, Binary, signature.Length, signature));
        AtomicFile.Write(target, x =>
        {
            using var input = File.OpenRead(rpm.File);
            using var output = File.Create(x);
            var lead = new byte[RpmFile.LeadSize];
            input.ReadExactly(lead);
            output.Write(lead);
            output.Write(HeaderOf([.. entries.OrderBy(y => y.Tag)]));
            output.Write(new byte[(8 - (output.Position % 8)) % 8]);
            input.Position = rpm.HeaderStart;
            input.CopyTo(output);
        });
    }

    /// <summary>A header of one region, whose last sixteen bytes say how long its index is.</summary>
    static byte[] HeaderOf(IReadOnlyList<RpmEntry> entries)
    {
        var store = new MemoryStream();
        var index = new MemoryStream();
        foreach (var entry in entries)
        {
            store.Write(new byte[(entry.Alignment - (store.Length % entry.Alignment)) % entry.Alignment]);
            Write(index, entry.Tag, entry.Type, (int)store.Length, entry.Count);
            store.Write(entry.Data);
        }

        var header = new MemoryStream();
        header.Write(RpmHeader.Magic);
        Write(header, entries.Count + 1, (int)store.Length + EntrySize);
        Write(header, Region, Binary, (int)store.Length, EntrySize);
        Write(store, Region, Binary, -(entries.Count + 1) * EntrySize, EntrySize);
        index.WriteTo(header);
        store.WriteTo(header);
        return header.ToArray();
    }

    static void Write(MemoryStream stream, params ReadOnlySpan<int> numbers)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            stream.Write(bytes);
        }
    }
}
