using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>images/&lt;image&gt;/set.yaml</c>: how what is in an image runs beside others (TestSet).</summary>
/// <param name="image">The image.</param>
/// <param name="file">The file's name in messages.</param>
/// <param name="problems">Gets every mistake.</param>
[DescribedFile("How what is in an image runs in a set of services (TestSet): its processes, what each needs, its "
    + "configuration, what it must answer; of Tempest, which tests run", Place = "images/<image>/" + Name)]
public sealed class SetFile(string image, string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "set.yaml";

    const string Members = "members";
    const string Tests = "tests";
    const string Needs = "needs";
    const string Databases = "databases";
    const string Configuration = "configuration";
    const string Variables = "environment";
    const string Prepare = "prepare";
    const string Start = "start";
    const string Ready = "ready";
    const string Requests = "requests";
    const string Endpoint = "endpoint";
    const string Tempest = "tempest";
    const string Packages = "packages";
    const string Capabilities = "capabilities";
    const string Selections = "selections";
    const string Skips = "skips";
    const string SkipsWithout = "skips-without";
    const string Exclude = "exclude";

    static readonly string[] s_keys = [Configuration, Variables, Members, Tests];

    static readonly string[] s_memberKeys = [Packages, Needs, Databases, Configuration, Variables, Capabilities,
        Prepare, Start, Ready, Requests, Endpoint, Tempest, Tests];

    static readonly string[] s_testKeys = [Configuration, Variables, Selections, Skips, SkipsWithout, Exclude];
    static readonly string[] s_endpointKeys = ["name", "type", "url"];
    static readonly string[] s_requestKeys = ["method", "url", "body", "status", "contains"];
    static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

    public SetData Parse(string text)
    {
        List<SetMember> members = [];
        SetTests? tests = null;
        Dictionary<string, string> configuration = [], variables = [];
        foreach (var (key, value) in Entries(ReadRoot(text), string.Join(", ", s_keys)))
        {
            if (key.Value == Configuration) configuration = Texts(value, Names.AbsolutePath);
            else if (key.Value == Variables) variables = Texts(value, Names.Variable);
            else if (key.Value == Members) members.AddRange(Entries(value, "members to how they run")
                .Where(x => Check(Names.Component, x.Key.Value, x.Key)).Select(x => ReadMember(x.Key, x.Value)));
            else if (key.Value == Tests) tests = ReadTests(value);
            else ReportUnknown(key, s_keys);
        }

        // What a member says itself comes before what all members of the image have.
        return new SetData([.. members.Select(x => x with
        {
            Configuration = Joined(configuration, x.Configuration), Environment = Joined(variables, x.Environment),
        })], tests);
    }

    static Dictionary<string, string> Joined(IReadOnlyDictionary<string, string> all,
        IReadOnlyDictionary<string, string> own) => all.Concat(own).GroupBy(x => x.Key)
            .ToDictionary(x => x.Key, x => x.Last().Value);

    SetMember ReadMember(YamlScalar name, YamlNode node)
    {
        var member = new SetMember(name.Value, image, new Problem("", File, name.Line, name.Column));
        foreach (var (key, value) in Entries(node, string.Join(", ", s_memberKeys)))
        {
            member = key.Value switch
            {
                Packages => member with { Packages = Items(value, Names.AptPackage) },
                Needs => member with { Needs = Items(value, Names.Component) },
                Databases => member with { Databases = Items(value, Names.Database) },
                Configuration => member with { Configuration = Texts(value, Names.AbsolutePath) },
                Variables => member with { Environment = Texts(value, Names.Variable) },
                Capabilities => member with { Capabilities = Items(value, Names.Capability) },
                Prepare => member with { Prepare = [.. Nodes(value).Select(Words).Where(x => x.Count > 0)] },
                Start => member with { Start = Words(value) },
                Ready => member with { Ready = Text(value, Names.ReadyAddress) },
                Requests => member with { Requests = [.. Nodes(value).Select(ReadRequest).OfType<SetRequest>()] },
                Endpoint => member with { Endpoint = ReadEndpoint(value) },
                Tempest => member with { Tempest = TextOf(value)?.Value ?? "" },
                Tests => member with { Tests = Patterns(value) },
                _ => Unknown(member, key, s_memberKeys),
            };
        }

        if (node is YamlMapping && node.Find(Start) is null && node.Find(Prepare) is null)
            Report(name, $"'{name.Value}' runs nothing", $"a command under '{Start}', or some under '{Prepare}'");
        return member;
    }

    SetTests ReadTests(YamlNode node)
    {
        var tests = new SetTests();
        foreach (var (key, value) in Entries(node, string.Join(", ", s_testKeys)))
        {
            tests = key.Value switch
            {
                Configuration => tests with { Configuration = Texts(value, Names.AbsolutePath) },
                Variables => tests with { Environment = Texts(value, Names.Variable) },
                Selections => tests with { Selections = ReadSelections(value) },
                Skips => tests with { Skips = Patterns(value) },
                SkipsWithout => tests with { SkipsWithout = ReadSkipsWithout(value) },
                Exclude => tests with { Excluded = new ExcludedTestsReader(File, Problems).Read(value) },
                _ => Unknown(tests, key, s_testKeys),
            };
        }

        return tests;
    }

    Dictionary<string, string> ReadSelections(YamlNode node) => Entries(node, "names to regular expressions")
        .Where(x => Check(Names.Component, x.Key.Value, x.Key) && TextOf(x.Value) is { } text && IsPattern(text))
        .ToDictionary(x => x.Key.Value, x => ((YamlScalar)x.Value).Value);

    Dictionary<string, IReadOnlyList<string>> ReadSkipsWithout(YamlNode node) =>
        Entries(node, "images to regular expressions").Where(x => Check(Names.Component, x.Key.Value, x.Key))
            .ToDictionary(x => x.Key.Value, IReadOnlyList<string> (x) => Patterns(x.Value));

    SetEndpoint? ReadEndpoint(YamlNode node)
    {
        var texts = ReadTexts(node, s_endpointKeys);
        var missing = s_endpointKeys.Where(x => !texts.ContainsKey(x)).ToList();
        if (missing.Count > 0 && node is YamlMapping)
            Report(node, $"it does not say {string.Join(", ", missing)}",
                "name and type of the service, and the url where it answers");
        return missing.Count > 0 ? null : new SetEndpoint(texts["name"], texts["type"], texts["url"]);
    }

    SetRequest? ReadRequest(YamlNode node)
    {
        var texts = ReadTexts(node, s_requestKeys);
        var method = texts.GetValueOrDefault("method", "GET");
        if (!s_methods.Contains(method))
            Report(node, $"'{method}' is no method", string.Join(", ", s_methods));
        else if (texts.GetValueOrDefault("url") is { } url
            && int.TryParse(texts.GetValueOrDefault("status", "200"), out var status))
            return new SetRequest(method, url, status)
            {
                Body = texts.GetValueOrDefault("body"),
                Contains = texts.GetValueOrDefault("contains"),
            };
        else if (node is YamlMapping)
            Report(node, "it does not say what is asked", "a url, and a status where that is not 200");
        return null;
    }

    /// <summary>A status is a number to YAML.</summary>
    Dictionary<string, string> ReadTexts(YamlNode node, string[] keys)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (key, value) in Entries(node, string.Join(", ", keys)))
        {
            if (!keys.Contains(key.Value)) ReportUnknown(key, keys);
            else if (value is YamlScalar { Value.Length: > 0 } text) texts[key.Value] = text.Value;
            else Report(value, $"there is {value.Kind}", "text");
        }

        return texts;
    }

    List<string> Patterns(YamlNode node) => Items(node, (x, at) => IsPattern(at) ? x : null, x => x);

    /// <summary>A command: words, which may be numbers to YAML, and may be there twice.</summary>
    List<string> Words(YamlNode node)
    {
        var words = Nodes(node);
        foreach (var other in words.Where(x => x is not YamlScalar))
            Report(other, $"there is {other.Kind}", "a word of a command");
        return [.. words.OfType<YamlScalar>().Select(x => x.Value)];
    }
}
