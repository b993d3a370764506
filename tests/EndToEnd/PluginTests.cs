using System.Text.Json.Nodes;
using OpenStack.Oci;

namespace OpenStack.Tests.EndToEnd;

/// <summary>A plugin with a patch, from its ref to what runs in the one image that names it.</summary>
[Trait("Group", "Lab")]
public sealed class PluginTests : IDisposable
{
    const string Plugin = "neutron-dynamic-routing";

    readonly RepositoryCopy _repository = new();

    public PluginTests() => _repository.WithLab();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task APluginIsBuiltCheckedAndListedForTheImageThatNamesItAlone()
    {
        _repository.Edit("releases/2025.1/source-refs.yaml", "keystone:", $"{Plugin}: \"26.0.0\"\nkeystone:");
        _repository.Edit("releases/2025.1/extra-packages.yaml", "\nneutron:\n", $"\nneutron:\n  plugins: [{Plugin}]\n");
        _repository.Write($"patches/{Plugin}/2025.1/0001-say-so.patch", "From: A <a@example.org>\nSubject: [PATCH] Say "
            + "so\n\nCVE-2026-12345\n---\n--- /dev/null\n+++ b/neutron_dynamic_routing/patched.py\n@@ -0,0 +1 @@\n"
            + "+PATCHED = True\n");
        _repository.Write(".gitignore", "/artifacts\n/.nuke/temp\n");
        RepositoryCopy.Git(_repository.Root, "init", "--quiet", "--initial-branch", "main");
        RepositoryCopy.Git(_repository.Root, "add", "--all");
        RepositoryCopy.Git(_repository.Root, "commit", "--quiet", "-m", "A plugin");

        var run = (await _repository.RunAsync("CheckPatches TestImage Tags Sbom --build-branch main "
            + "--service neutron placement --release 2025.1 --profile lab --no-logo")).ShouldSucceed();

        Assert.Contains($"{Plugin} 2025.1: {Plugin} 26.0.0+p1", run.Output, StringComparison.Ordinal);
        Assert.Contains("0001-say-so.patch", run.Output, StringComparison.Ordinal);
        var plugin = ListedIn("neutron").Single(x => (string?)x!["name"] == Plugin)!;
        Assert.Equal("26.0.0+p1", (string?)plugin["version"]);
        Assert.Equal("CVE-2026-12345", (string?)plugin["pedigree"]!["patches"]![0]!["resolves"]![0]!["id"]);
        Assert.DoesNotContain(ListedIn("placement"), x => (string?)x!["name"] == Plugin);
        Assert.Contains("-p1", TextOf("neutron", "tags.json"), StringComparison.Ordinal);
        Assert.DoesNotContain("-p1", TextOf("placement", "tags.json"), StringComparison.Ordinal);
        Assert.Contains(Plugin, TextOf("neutron", $"platforms/{PlatformName.ForFiles(PlatformName.Native)}/"
            + "distributions.json"), StringComparison.Ordinal);
        Assert.Equal("True bgp", await _repository.AskAsync("neutron", """
            import importlib.metadata, neutron_dynamic_routing.patched as patched
            names = [x.name for x in importlib.metadata.entry_points(group="neutron.service_plugins")]
            print(patched.PATCHED, *{"bgp"}.intersection(names))
            """));
    }

    /// <summary>A dashboard is a plugin as well: Horizon finds its panels, policies and static files.</summary>
    [Fact]
    public async Task ADashboardIsEnabledInHorizon()
    {
        _repository.Edit("releases/2025.1/source-refs.yaml", "keystone:", "heat-dashboard: \"13.0.0\"\nkeystone:");
        _repository.Edit("releases/2025.1/extra-packages.yaml", "\nhorizon:\n",
            "\nhorizon:\n  plugins: [heat-dashboard]\n");
        (await _repository.RunAsync("TestImage --service horizon --release 2025.1 --profile lab --no-logo"))
            .ShouldSucceed();
        Assert.Equal("heat_dashboard heat_policy.yaml True True", await _repository.AskAsync("horizon", """
            import glob, os
            os.environ["DJANGO_SETTINGS_MODULE"] = "openstack_dashboard.settings"
            with open("/etc/openstack-dashboard/local_settings.py", "w") as file:
                file.write("SECRET_KEY = 'test'")
            import django
            django.setup()
            from django.conf import settings
            def is_in(pattern):
                scripts = glob.glob(settings.STATIC_ROOT + "/dashboard/js/*.js")
                return any(pattern in open(x, errors="replace").read() for x in scripts)
            print(*(x for x in settings.INSTALLED_APPS if x.startswith("heat")), settings.POLICY_FILES["orchestration"],
                  os.path.isfile(f"{settings.POLICY_FILES_PATH}/default_policies/heat.yaml"), is_in("heat_dashboard"))
            """));
    }

    JsonArray ListedIn(string service) =>
        JsonNode.Parse(TextOf(service, $"sbom/{PlatformName.ForFiles(PlatformName.Native)}.cdx.json"))!["components"]!
            .AsArray();

    string TextOf(string service, string file) =>
        File.ReadAllText(_repository.Root / "artifacts" / "2025.1" / service / file);
}
