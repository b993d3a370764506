using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OpenStack.Diagnostics;

namespace OpenStack.Network;

/// <summary>
/// By what this process, and the programs that it runs, know servers: certificate authorities of the machine, and those
/// of a <see cref="CaBundle"/>. Set once, before anything talks.
/// </summary>
public static class TlsTrust
{
    static X509Certificate2Collection s_roots = [];

    /// <summary>Trusts the authorities of a bundle as well.</summary>
    /// <param name="file">Where what all of them are is written, for the programs that are run.</param>
    public static void Add(CaBundle bundle, string file)
    {
        bundle.WriteWithSystems(file);
        s_roots = bundle.Certificates;
        // Of OpenSSL, Go (cosign) and uv; of git.
        Environment.SetEnvironmentVariable("SSL_CERT_FILE", file);
        Environment.SetEnvironmentVariable("GIT_SSL_CAINFO", file);
    }

    /// <summary>A handler for requests of this process; proxies are those of the environment.</summary>
    public static SocketsHttpHandler NewHandler() => NewHandler(() => s_roots);

    /// <param name="roots">Who is trusted beside those of the machine, when a server is met.</param>
    internal static SocketsHttpHandler NewHandler(Func<X509Certificate2Collection> roots) => new()
    {
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                errors == SslPolicyErrors.None
                    // What is wrong with it, and the parameter that cures it, reaches who sent the request.
                    || (Refuse((sender as SslStream)?.TargetHostName ?? "the server",
                        certificate as X509Certificate2, chain, errors, roots()) is { } problem
                            ? throw new ProblemException(problem)
                            : true),
        },
    };

    /// <returns>Null where it is one to trust all the same.</returns>
    static Problem? Refuse(string host, X509Certificate2? certificate, X509Chain? chain,
        SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        if (certificate is null) return new Problem($"{host} shows no certificate");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return new Problem($"the certificate of {host} is of another host: {Names(certificate)}",
                Remedy: "Name the host as its certificate does");
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        foreach (var element in (IEnumerable<X509ChainElement>?)chain?.ChainElements ?? [])
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        if (own.Build(certificate)) return null;
        // The chain that leads further tells more.
        var told = own.ChainElements.Count > (chain?.ChainElements.Count ?? 0) ? own : chain ?? own;
        var aged = told.ChainElements.FirstOrDefault(x => x.ChainElementStatus
            .Any(y => y.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)))?.Certificate;
        return aged is null
            ? new Problem($"{host} shows a certificate of '{NameOf(told.ChainElements[^1].Certificate.IssuerName)}', "
                + "which nobody here trusts",
                Remedy: $"Give the certificate of that authority with {CaBundle.Parameter}, if it is one to trust")
            : new Problem($"{Subject(aged, certificate, host)} is valid from {aged.NotBefore.ToUniversalTime():u} to "
                + $"{aged.NotAfter.ToUniversalTime():u}",
                Remedy: aged.Equals(certificate)
                    ? "Check the clock of this machine, or have the server's certificate renewed"
                    : $"Check the clock of this machine, or give its successor with {CaBundle.Parameter}");
    }

    static string Subject(X509Certificate2 aged, X509Certificate2 certificate, string host) => aged.Equals(certificate)
        ? $"the certificate of {host}"
        : $"the certificate of the authority '{NameOf(aged.SubjectName)}', by which {host} is known,";

    /// <summary>The common name, or all of it.</summary>
    static string NameOf(X500DistinguishedName name) => name.EnumerateRelativeDistinguishedNames()
        .Where(x => !x.HasMultipleElements && x.GetSingleElementType().Value == "2.5.4.3")
        .Select(x => x.GetSingleElementValue()).FirstOrDefault() ?? name.Name;

    static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var known = names is null ? []
            : names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(x => $"{x}")).ToList();
        return known.Count > 0 ? string.Join(", ", known.Take(5)) : NameOf(certificate.SubjectName);
    }
}
