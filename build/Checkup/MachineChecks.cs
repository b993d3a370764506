using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using OpenStack.Network;

namespace OpenStack.Checkup;

/// <summary>Of this machine, and of the way out of it.</summary>
public static class MachineChecks
{
    const long Enough = 15_000_000_000;
    const long Least = 3_000_000_000;

    /// <summary>How far a clock may be from that of others: tokens of registries live for minutes.</summary>
    static readonly TimeSpan s_skew = TimeSpan.FromMinutes(2);

    /// <summary>Room where something is kept; of the nearest directory that is there.</summary>
    public static CheckResult Disk(string directory)
    {
        var place = Path.GetFullPath(directory);
        while (!Directory.Exists(place)) place = Path.GetDirectoryName(place)!;
        var free = new DriveInfo(place).AvailableFreeSpace;
        var found = string.Create(CultureInfo.InvariantCulture, $"{free / 1e9:0.0} GB free for {directory}");
        const string remedy = "Make room: docker builder prune, ./build.sh Prune";
        return free >= Enough ? CheckResult.Good(found)
            : new CheckResult(free >= Least ? CheckState.Warning : CheckState.Bad, found, remedy);
    }

    /// <summary>The authorities of <c>--ca-bundle</c>; those of the machine where there is none.</summary>
    public static CheckResult Authorities(CaBundle? bundle, string? ofMachine, DateTimeOffset now)
    {
        if (bundle is null) return ofMachine is null
            ? new CheckResult(CheckState.Warning, "this machine has no certificate authorities that are known",
                "Install ca-certificates")
            : CheckResult.Good($"those of this machine ({ofMachine})");
        var expired = bundle.Certificates.Where(x => x.NotAfter.ToUniversalTime() < now.UtcDateTime).ToList();
        var names = string.Join(", ", bundle.Certificates.Select(x => x.GetNameInfo(X509NameType.SimpleName, false)));
        return expired.Count == 0 ? CheckResult.Good($"those of this machine, and {names}")
            : new CheckResult(expired.Count == bundle.Certificates.Count ? CheckState.Bad : CheckState.Warning,
                string.Join(", ", expired.Select(x => $"{x.GetNameInfo(X509NameType.SimpleName, false)} was valid "
                    + $"until {x.NotAfter.ToUniversalTime():yyyy-MM-dd}")),
                $"Give its successor with {CaBundle.Parameter}");
    }

    /// <summary>The proxies that the environment names, without their passwords.</summary>
    public static CheckResult Proxies(Func<string, string?> variable)
    {
        var set = ProxyVariables.Set(variable).Values.Distinct().ToList();
        var wrong = set.Where(x => !x.Equals("no_proxy", StringComparison.OrdinalIgnoreCase)
            && !(Uri.TryCreate(variable(x), UriKind.Absolute, out var url) && url.Host.Length > 0)).ToList();
        if (wrong.Count > 0) return new CheckResult(CheckState.Bad, $"{string.Join(", ", wrong)}: no url",
            "Write it with its scheme: http://proxy.example.org:3128");
        return CheckResult.Good(set.Count == 0 ? "none" : string.Join(", ", set.Select(x =>
            Uri.TryCreate(variable(x), UriKind.Absolute, out var url) && url.Host.Length > 0
                ? $"{x}={url.Scheme}://{(url.UserInfo.Length > 0 ? "…@" : "")}{url.Authority}"
                : $"{x}={variable(x)}")));
    }

    /// <param name="theirs">What a server's clock says.</param>
    /// <param name="server">Whose.</param>
    public static CheckResult Clock(DateTimeOffset now, DateTimeOffset theirs, string server) =>
        (now - theirs).Duration() is var skew && skew <= s_skew ? CheckResult.Good($"that of {server}")
            : new CheckResult(CheckState.Bad, string.Create(CultureInfo.InvariantCulture,
                $"{skew.TotalMinutes:0} min {(now > theirs ? "ahead of" : "behind")} that of {server}"),
                "Set it: certificates, tokens and signatures are judged by it");
}
