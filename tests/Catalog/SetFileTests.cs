using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

/// <summary>
/// <c>set.yaml</c> says how what is in an image runs beside others, and every mistake in it has its line.
/// </summary>
public sealed class SetFileTests
{
    [Fact]
    public void ItSaysHowMembersRun()
    {
        var (data, problems) = Parse("""
            configuration: {/etc/app/all: shared, /etc/app/app.conf: shared}
            environment: {OS_APP: all}
            members:
              app:
                needs: [mariadb, catalog]
                databases: [app, app_cell0]
                configuration:
                  /etc/app/app.conf: |
                    [database]
                environment: {OS_APP_DIR: /etc/app}
                prepare:
                  - [app-manage, db, sync]
                  - [app-manage, cell, 1, 1]
                start: [app, --port, 80]
                ready: http://127.0.0.1:80/versions
                endpoint: {name: app, type: application, url: "http://127.0.0.1:80"}
                requests:
                  - {url: "http://127.0.0.1:80/things", contains: things}
                  - {method: POST, url: "http://127.0.0.1:80/things", body: "{}", status: 201}
                tests: ['^tempest\.api\.app\.']
                tempest: |
                  [service_available]
                  app = true
              worker:
                needs: [app]
                capabilities: [SYS_ADMIN]
                start: [worker]
            """);
        Assert.Empty(problems);
        Assert.Equal(["app", "worker"], data.Members.Select(x => x.Name));
        var app = data.Members[0];
        Assert.Equal(("x", 4), (app.Image, app.At.Line));
        Assert.Equal(["mariadb", "catalog"], app.Needs);
        Assert.Equal(["app", "app_cell0"], app.Databases);
        // What all members of the image have, but for what one says itself.
        Assert.Equal(["/etc/app/all=shared", "/etc/app/app.conf=[database]\n"],
            app.Configuration.Select(x => $"{x.Key}={x.Value}"));
        Assert.Equal(["OS_APP=all", "OS_APP_DIR=/etc/app"], app.Environment.Select(x => $"{x.Key}={x.Value}"));
        Assert.Equal("shared", data.Members[1].Configuration["/etc/app/app.conf"]);
        // A word may be there twice, and may be a number.
        Assert.Equal(["app-manage db sync", "app-manage cell 1 1"], app.Prepare.Select(x => string.Join(' ', x)));
        Assert.Equal(["app", "--port", "80"], app.Start);
        Assert.Equal("http://127.0.0.1:80/versions", app.Ready);
        Assert.Equal(new SetEndpoint("app", "application", "http://127.0.0.1:80"), app.Endpoint);
        Assert.Equal(
        [
            new SetRequest("GET", "http://127.0.0.1:80/things", 200) { Contains = "things" },
            new SetRequest("POST", "http://127.0.0.1:80/things", 201) { Body = "{}" },
        ], app.Requests);
        Assert.Equal([@"^tempest\.api\.app\."], app.Tests);
        Assert.Equal("[service_available]\napp = true\n", app.Tempest);
        Assert.Empty(app.Capabilities);
        Assert.Equal(["SYS_ADMIN"], data.Members[1].Capabilities);
        Assert.Null(data.Tests);
    }

    [Fact]
    public void ItSaysHowTempestRuns()
    {
        var (data, problems) = Parse("""
            tests:
              configuration: {/tmp/tempest.conf: "{tempest}"}
              environment: {TEMPEST_CONFIG_DIR: /tmp}
              selections: {smoke: '\[.*smoke', all: .}
              skips: ['no compute']
              skips-without: {volume: ['no volume', 'no disk']}
              exclude: [{tests: test_x, reason: It waits for a volume, until: 2027-04-01, releases: ["2025.1"]}]
            """);
        Assert.Empty(problems);
        Assert.Empty(data.Members);
        Assert.Equal(["smoke", "all"], data.Tests!.Selections.Keys);
        Assert.Equal(["no compute"], data.Tests.Skips);
        Assert.Equal(["no volume", "no disk"], data.Tests.SkipsWithout["volume"]);
        Assert.Equal(["test_x"], data.Tests.ExcludedIn("2025.1").Select(x => x.Tests));
        Assert.Empty(data.Tests.ExcludedIn("2025.2"));
    }

    [Theory]
    [InlineData("member: {}", "'member' is not known here")]
    [InlineData("members: [app]", "there is a list; expected a mapping of members to how they run")]
    [InlineData("members: {App: {start: [a]}}", "'App' is not the name of a component")]
    [InlineData("members: {app: {need: [a], start: [a]}}", "'need' is not known here")]
    [InlineData("members: {app: {needs: [a]}}", "'app' runs nothing")]
    [InlineData("members: {app: {start: app}}", "there is text; expected a list")]
    [InlineData("members: {app: {start: [a, [b]]}}", "there is a list; expected a word of a command")]
    [InlineData("members: {app: {start: [a], databases: [a-b]}}", "'a-b' is not the name of a database")]
    [InlineData("members: {app: {start: [a], ready: 'http://example.org:80'}}", "is not the name of an address")]
    [InlineData("members: {app: {start: [a], ready: 'ftp://127.0.0.1:80'}}", "is not the name of an address")]
    [InlineData("members: {app: {start: [a], endpoint: {name: a, type: b}}}", "it does not say url")]
    [InlineData("members: {app: {start: [a], requests: [{method: GET}]}}", "it does not say what is asked")]
    [InlineData("members: {app: {start: [a], requests: [{method: TAKE, url: x}]}}", "'TAKE' is no method")]
    [InlineData("members: {app: {start: [a], requests: [{url: x, status: fine}]}}", "it does not say what is asked")]
    [InlineData("members: {app: {start: [a], requests: [{url: x, states: 200}]}}", "'states' is not known here")]
    [InlineData("members: {app: {start: [a], configuration: {etc/app: x}}}", "'etc/app' is not the name of a path")]
    [InlineData("members: {app: {start: [a], tests: ['(']}}", "'(' is no regular expression")]
    [InlineData("members: {app: {start: [a], capabilities: [CAP_SYS_ADMIN]}}", "'CAP_SYS_ADMIN' is not the name of a")]
    [InlineData("members: {app: {start: [a], capabilities: [--privileged]}}", "'--privileged' is not the name of a")]
    [InlineData("tests: {skips-without: {volume: ['(']}}", "'(' is no regular expression")]
    [InlineData("tests: {selections: {smoke: '('}}", "'(' is no regular expression")]
    [InlineData("tests: {selection: {smoke: x}}", "'selection' is not known here")]
    [InlineData("tests: {exclude: [{tests: x}]}", "it does not say reason, until")]
    public void MistakesAreTold(string text, string expected)
    {
        var problem = Assert.Single(Parse(text).Problems);
        Assert.Contains(expected, $"{problem}", StringComparison.Ordinal);
        Assert.Equal(("images/x/set.yaml", 1), (problem.File, problem.Line));
    }

    static (SetData Data, List<Problem> Problems) Parse(string text)
    {
        var problems = new List<Problem>();
        return (new SetFile("x", "images/x/set.yaml", problems).Parse(text), problems);
    }
}
