namespace OpenStack.Signing;

/// <summary>
/// Whether bundles are signed by whom they have to be. With a key that is judged here; of keys of kinds that only
/// cosign knows, and of certificates, what it printed is what it verified.
/// </summary>
/// <param name="stock">cosign.</param>
/// <param name="trust">Whose signatures count.</param>
/// <param name="key">The key to that; null where it is an identity.</param>
sealed class SignatureCheck(StockVerification stock, Trust trust, PublicKey? key)
{
    public Trust Trust => trust;

    /// <summary>Whether it takes nobody else to judge a signature.</summary>
    public bool IsOfKey => key is { CanVerify: true };

    /// <param name="bundle">The bundle.</param>
    /// <param name="verified">Payloads that cosign holds to be signed.</param>
    /// <param name="hasSignature">Whether it holds the image to be.</param>
    public bool IsSigned(SigstoreBundle bundle, IEnumerable<byte[]> verified, bool hasSignature) => IsOfKey
        ? key!.Signed(bundle)
        : bundle.Statement.PredicateType == PredicateTypes.Signature ? hasSignature
        : verified.Any(x => x.AsSpan().SequenceEqual(bundle.Payload));

    /// <summary>Whether a bundle says that it is of the key that counts; null where it says nothing.</summary>
    public bool? IsNamedBy(SigstoreBundle bundle) => key?.IsNamedBy(bundle);

    /// <summary>Judges the attestations of one kind of an image.</summary>
    /// <param name="pinned">Repository and digest.</param>
    /// <param name="type">The predicate type.</param>
    /// <returns>Which are signed; and why that is not known, where cosign could not ask.</returns>
    public async Task<(Func<SigstoreBundle, bool> IsSigned, string? Doubt)> OfAsync(string pinned, string type,
        CancellationToken cancellation = default)
    {
        if (IsOfKey) return (x => IsSigned(x, [], hasSignature: false), null);
        var (payloads, failure) = await stock.AttestationsAsync(pinned, type, cancellation);
        return (x => IsSigned(x, payloads, hasSignature: false), failure is { IsOfNetwork: true } ? failure.Why : null);
    }
}
