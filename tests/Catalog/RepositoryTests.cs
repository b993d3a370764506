using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;

namespace OpenStack.Tests.Catalog;

/// <summary>The catalog of this repository.</summary>
public partial class RepositoryTests
{
    static readonly string[] s_services = ["aodh", "barbican", "ceilometer", "cinder", "designate", "glance",
        "heat", "horizon", "ironic", "keystone", "magnum", "manila", "neutron", "nova", "octavia",
        "openstackclient", "placement", "swift", "tempest", "trove"];

    /// <summary>Every program that the table of the documentation names is one of the image, in each release.</summary>
    [Fact]
    public void WhatIsSaidToRunInAnImageIsThere()
    {
        var catalog = CatalogLoader.Load(Root());
        var rows = File.ReadLines(Root() / "docs" / "images.md").Select(x => ImageRow().Match(x))
            .Where(x => x.Success && catalog.Services.Contains(x.Groups["image"].Value)).ToList();
        Assert.Equal(catalog.Services.Where(x => catalog.KindOf(x) == ImageKind.Python).Order(),
            rows.Select(x => x.Groups["image"].Value).Order());
        foreach (var (image, text) in rows.Select(x => (x.Groups["image"].Value, x.Groups["text"].Value)))
        {
            var named = Program().Matches(text).Select(x => x.Groups[1].Value)
                .Where(x => x.StartsWith($"{image}-", StringComparison.Ordinal)).ToList();
            foreach (var release in catalog.Releases.Values)
                Assert.Empty(named.Except(release.EntryPointsOf(image)?.Scripts ?? []));
        }
    }

    [GeneratedRegex(@"^\| `(?<image>[a-z]+)` \|(?<text>.*)$")]
    private static partial Regex ImageRow();

    [GeneratedRegex("`([a-z][a-z0-9-]+)")]
    private static partial Regex Program();

    [Fact]
    public void ItLoads()
    {
        var catalog = CatalogLoader.Load(Root());
        Assert.Equal(["2025.1", "2025.2", "2026.1"], catalog.Releases.Keys);
        var services = catalog.Services.ToLookup(catalog.KindOf);
        Assert.Equal(s_services, services[ImageKind.Python]);
        Assert.Equal(["cortex", "openvswitch", "ovn"], services[ImageKind.Native]);
        foreach (var release in catalog.Releases.Values)
        {
            Assert.Superset(s_services.ToHashSet(), release.SourceRefs.Keys.ToHashSet());
            Assert.All(s_services, x => Assert.NotEmpty(release.PackagesOf(x).PipPackages));
            Assert.NotNull(release.Series?.InitialRelease);
        }
    }

    [Fact]
    public void ItsConstraintsApply()
    {
        foreach (var release in CatalogLoader.Load(Root()).Releases.Values)
        {
            var upper = UpperConstraints.Read(release.UpperConstraintsFile, release.Name);
            ConstraintOverrides[] overrides = release.OverridesFile is { } file
                ? [ConstraintOverrides.Read(file, file.Name)]
                : [];
            Assert.NotEmpty(ConstraintEngine.Apply(upper, overrides, [], MarkerEnvironment.Linux("3.12")).Pins);
            Assert.NotEmpty(BuildConstraints.Read(release.BuildConstraintsFile!, release.Name).Requirements);
        }
    }

    static AbsolutePath Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}
