using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>images/&lt;image&gt;/set.yaml</c>: how what is in an image runs beside others (TestSet).</summary>
/// <param name="image">The image.</param>
/// <param name="file">The file's name in messages.</param>
/// <param name="problems">Gets every mistake.</param>
[DescribedFile("How what is in an image runs in a set of services (TestSet): its processes, what each needs, its "
    + "configuration, what it must answer; of Tempest, which tests run", Place = Place)]
public sealed class SetFile(string image, string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "set.yaml";

    public const string Place = "images/<image>/" + Name;

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

    static readonly string[] s_methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
    static readonly YamlShape s_files = YamlShape.Map(Names.AbsolutePath, YamlShape.Scalar);
    static readonly YamlShape s_variables = YamlShape.Map(Names.Variable, YamlShape.Scalar);
    static readonly YamlShape s_patterns = YamlShape.List(YamlShape.RegularExpression);
    static readonly YamlShape s_command = YamlShape.Sequence(YamlShape.Scalar);

    static readonly YamlFields s_endpoint = new(
        new("name", "Name of the service", YamlShape.NotEmpty, IsRequired: true),
        new("type", "Its type", YamlShape.NotEmpty, IsRequired: true),
        new("url", "Where it answers", YamlShape.NotEmpty, IsRequired: true));

    static readonly YamlFields s_request = new(
        new("method", "GET where nothing is said", YamlShape.OneOf(s_methods)),
        new("url", "What is asked for", YamlShape.NotEmpty, IsRequired: true),
        new("body", "What is sent", YamlShape.NotEmpty),
        new("status", "What it answers; 200 where nothing is said", YamlShape.Number),
        new("contains", "A text in the answer", YamlShape.NotEmpty));

    static readonly YamlFields s_member = new(
        new(Packages, "Packages of the distribution that it is made of, where no image has it",
            YamlShape.List(YamlShape.Text(Names.AptPackage))),
        new(Needs, "Members that have to answer before", YamlShape.List(YamlShape.Text(Names.Component))),
        new(Databases, "Databases that are made for it", YamlShape.List(YamlShape.Text(Names.Database))),
        new(Configuration, "Files that it has, by path", s_files),
        new(Variables, "Environment variables", s_variables),
        new(Capabilities, "Capabilities of its container", YamlShape.List(YamlShape.Text(Names.Capability))),
        new(Prepare, "Commands that run one after the other before it starts", YamlShape.Sequence(s_command)),
        new(Start, "The command that it is", s_command),
        new(Ready, "Where it answers when it is ready", YamlShape.Text(Names.ReadyAddress)),
        new(Requests, "What it has to answer to the administrator", YamlShape.Sequence(s_request)),
        new(Endpoint, "What Keystone's catalog says of it", s_endpoint),
        new(Tempest, "What tempest.conf says of it", YamlShape.AnyText),
        new(Tests, "Which of Tempest's tests are about it", s_patterns))
    {
        OneOfThese = [Start, Prepare],
    };

    static readonly YamlFields s_tests = new(
        new(Configuration, "Files that Tempest has, by path", s_files),
        new(Variables, "Environment variables", s_variables),
        new(Selections, "Selections of tests, by name", YamlShape.Map(Names.Component, YamlShape.RegularExpression,
            "selection")),
        new(Skips, "Reasons for which tests may be skipped", s_patterns),
        new(SkipsWithout, "Reasons for which they may be where an image is not in the set",
            YamlShape.Map(Names.Component, s_patterns, "image")),
        new(Exclude, "Tests that do not count", ExcludedTestsReader.Shape));

    public static YamlFields Shape { get; } = new(
        new(Configuration, "Files that all members have, by path", s_files),
        new(Variables, "Environment variables of all members", s_variables),
        new(Members, "What runs, each in a container of its own", YamlShape.Map(Names.Component, s_member, "member")),
        new(Tests, "How Tempest runs", s_tests));

    public SetData Parse(string text)
    {
        List<SetMember> members = [];
        SetTests? tests = null;
        Dictionary<string, string> configuration = [], variables = [];
        foreach (var (key, value) in Entries(ReadRoot(text), string.Join(", ", Shape.Keys)))
        {
            if (key.Value == Configuration) configuration = Texts(value, Names.AbsolutePath);
            else if (key.Value == Variables) variables = Texts(value, Names.Variable);
            else if (key.Value == Members) members.AddRange(Entries(value, "members to how they run")
                .Where(x => Check(Names.Component, x.Key.Value, x.Key)).Select(x => ReadMember(x.Key, x.Value)));
            else if (key.Value == Tests) tests = ReadTests(value);
            else ReportUnknown(key, Shape.Keys);
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
        foreach (var (key, value) in Entries(node, string.Join(", ", s_member.Keys)))
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
                _ => Unknown(member, key, s_member.Keys),
            };
        }

        if (node is YamlMapping && node.Find(Start) is null && node.Find(Prepare) is null)
            Report(name, $"'{name.Value}' runs nothing", $"a command under '{Start}', or some under '{Prepare}'");
        return member;
    }

    SetTests ReadTests(YamlNode node)
    {
        var tests = new SetTests();
        foreach (var (key, value) in Entries(node, string.Join(", ", s_tests.Keys)))
        {
            tests = key.Value switch
            {
                Configuration => tests with { Configuration = Texts(value, Names.AbsolutePath) },
                Variables => tests with { Environment = Texts(value, Names.Variable) },
                Selections => tests with { Selections = ReadSelections(value) },
                Skips => tests with { Skips = Patterns(value) },
                SkipsWithout => tests with { SkipsWithout = ReadSkipsWithout(value) },
                Exclude => tests with { Excluded = new ExcludedTestsReader(File, Problems).Read(value) },
                _ => Unknown(tests, key, s_tests.Keys),
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
        var texts = ReadTexts(node, s_endpoint.Keys);
        var missing = s_endpoint.Keys.Where(x => !texts.ContainsKey(x)).ToList();
        if (missing.Count > 0 && node is YamlMapping)
            Report(node, $"it does not say {string.Join(", ", missing)}",
                "name and type of the service, and the url where it answers");
        return missing.Count > 0 ? null : new SetEndpoint(texts["name"], texts["type"], texts["url"]);
    }

    SetRequest? ReadRequest(YamlNode node)
    {
        var texts = ReadTexts(node, s_request.Keys);
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
    Dictionary<string, string> ReadTexts(YamlNode node, IReadOnlyList<string> keys)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (key, value) in Entries(node, string.Join(", ", keys)))
        {
            if (!keys.Contains(key.Value)) ReportUnknown(key, keys);
            else if (value is YamlScalar { Value.Length: > 0 } text) texts[key.Value] = text.Value;
            else Report(value, $"there is {(value is YamlScalar ? "nothing" : value.Kind)}", "text");
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
