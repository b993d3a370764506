using System.Security.Cryptography;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Security;

namespace OpenStack.Locks;

/// <summary>
/// An OpenPGP key that signs what one run makes and is gone with it: nobody has to keep it, and nobody can sign
/// anything else with it.
/// </summary>
sealed class RunKey
{
    const string Identity = "openstack-images, one run";

    readonly PgpKeyPair _pair;

    /// <summary>
    /// Of the key, its certificate and all that it signs: a certificate that is younger than a signature does not count
    /// for it.
    /// </summary>
    readonly DateTime _time;

    RunKey(PgpKeyPair pair, DateTime time) => (_pair, _time) = (pair, time);

    /// <param name="time">
    /// When it says that it signs. What is past for everybody is better than now: the clock of the engine's machine may
    /// be days behind ours.
    /// </param>
    public static RunKey Create(DateTimeOffset time)
    {
        // apt of Debian 13 refuses RSA below 2048 bits (sqv, apt's policy).
        using var rsa = RSA.Create(3072);
        return new RunKey(new PgpKeyPair(
            PublicKeyAlgorithmTag.RsaGeneral, DotNetUtilities.GetRsaKeyPair(rsa), time.UtcDateTime), time.UtcDateTime);
    }

    /// <summary>The public key with its certificate, as <c>signed-by</c> of apt takes it (sources.list(5)).</summary>
    public byte[] PublicKey()
    {
        var generator = Signer(PgpSignature.PositiveCertification,
            x => x.SetKeyFlags(isCritical: true, PgpKeyFlags.CanSign | PgpKeyFlags.CanCertify));
        var certificate = generator.GenerateCertification(Identity, _pair.PublicKey);
        return PgpPublicKey.AddCertification(_pair.PublicKey, Identity, certificate).GetEncoded();
    }

    /// <summary>A detached signature, in the form that apt takes: ASCII armor.</summary>
    public byte[] Sign(byte[] content)
    {
        var generator = Signer(PgpSignature.BinaryDocument);
        generator.Update(content);
        using var output = new MemoryStream();
        using (var armor = new ArmoredOutputStream(output)) generator.Generate().Encode(armor);
        return output.ToArray();
    }

    PgpSignatureGenerator Signer(int type, Action<PgpSignatureSubpacketGenerator>? also = null)
    {
        var generator = new PgpSignatureGenerator(_pair.PublicKey.Algorithm, HashAlgorithmTag.Sha512);
        generator.InitSign(type, _pair.PrivateKey);
        var packets = new PgpSignatureSubpacketGenerator();
        packets.SetSignatureCreationTime(isCritical: false, _time);
        packets.SetIssuerFingerprint(isCritical: false, _pair.PublicKey);
        also?.Invoke(packets);
        generator.SetHashedSubpackets(packets.Generate());
        return generator;
    }
}
