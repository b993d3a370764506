using System.Net;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Indexes;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Checkup;

/// <summary>Of those that builds ask for something.</summary>
/// <param name="client">Asks.</param>
public sealed class NetworkChecks(HttpClient client)
{
    /// <summary>What every environment of OpenStack has.</summary>
    static readonly PythonName s_project = PythonName.Of("pbr");

    /// <summary>An index; one of several need not have everything.</summary>
    public async Task<CheckResult> IndexAsync(PackageIndex index, bool isLast, CancellationToken cancellation)
    {
        var files = await new SimpleIndex(client, index, wait: TimeSpan.FromMilliseconds(300))
            .FilesAsync(s_project, cancellation);
        return files is null
            ? new CheckResult(isLast ? CheckState.Bad : CheckState.Good, $"it answers, and has no {s_project}",
                isLast ? "Name one that has what the others lack with --default-index" : "")
            : CheckResult.Good($"{files.Count} files of {s_project}");
    }

    /// <summary>
    /// A suite of an archive of packages: whether it can be had. Who has signed it, apt finds out when it is used.
    /// </summary>
    /// <param name="mirrors">Who is asked instead.</param>
    /// <param name="auth">A file of users and passwords (apt_auth.conf(5)); empty without one.</param>
    public async Task<CheckResult> SuiteAsync(AptSource source, IReadOnlyList<InputMirror> mirrors, string auth,
        CancellationToken cancellation)
    {
        var release = $"{source.Uri}/dists/{source.Suite}/InRelease";
        var place = new Uri(mirrors.Select(x => x.Of(release)).FirstOrDefault(x => x is not null) ?? release);
        using var request = new HttpRequestMessage(HttpMethod.Head, place);
        var known = Netrc.FindOfArchive(place, auth);
        if (known is not null) request.Headers.Authorization = BasicAuthentication.Of(known);
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            var found = $"{place.GetLeftPart(UriPartial.Path)} answers {(int)response.StatusCode}";
            return response.IsSuccessStatusCode ? CheckResult.Good(found) : new CheckResult(CheckState.Bad, found,
                response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                    ? known is null ? "Name a user and a password in the file of --apt-auth"
                        : $"Correct the user '{known.UserName}' or its password in the file of --apt-auth"
                    : "Correct --apt-sources or --input-mirrors");
        }
        catch (HttpRequestException e)
        {
            throw new ProblemException(RequestFailure.Describe(place.Authority, e), e);
        }
    }

    /// <summary>An image in a registry.</summary>
    public static async Task<CheckResult> ImageAsync(RegistryClient registry, RegistryReference image,
        CancellationToken cancellation) =>
        await registry.HeadManifestAsync(image.Repository, image.DigestOrTag, cancellation: cancellation) is { } found
            ? CheckResult.Good($"{image} is {found.Digest}")
            : new CheckResult(CheckState.Bad, $"{image} is not there", "Correct its name, or --registry-mirrors");

    /// <summary>The clock of this machine beside that of a server.</summary>
    public async Task<CheckResult> ClockAsync(Uri server, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, server);
            using var response = await client.SendAsync(request, cancellation);
            return response.Headers.Date is { } theirs
                ? MachineChecks.Clock(DateTimeOffset.UtcNow, theirs, server.Host)
                : CheckResult.Unknown($"{server.Host} does not say what time it is");
        }
        catch (HttpRequestException)
        {
            return CheckResult.Unknown($"{server.Host} does not answer");
        }
    }
}
