using System.ComponentModel;
using System.Globalization;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

/// <summary>Parameters of all types; the build prints what it got.</summary>
class ParametersBuild : NukeBuild
{
    [Parameter("Some text")] readonly string Text = "initial";
    [Parameter] readonly bool Flag;
    [Parameter] readonly bool? MaybeFlag;
    [Parameter] readonly int Count = 1;
    [Parameter] readonly int? MaybeCount;
    [Parameter] readonly long Long;
    [Parameter] readonly double Ratio;
    [Parameter] readonly AbsolutePath Place;
    [Parameter("A level.")] readonly Level Level = Level.Low;
    [Parameter] readonly Colour Colour = Colour.Red;
    [Parameter] readonly string[] Services = [];
    [Parameter(Separator = ",")] readonly string[] Parts = [];
    [Parameter] readonly Level[] Levels = [];
    [Parameter("Another name", Name = "Renamed")] readonly string Original;
    [Parameter(List = false)] readonly string Hidden;
    [Parameter(ValueProviderMember = nameof(Choices))] readonly string Choice;
    [Parameter("Very secret")][Secret] readonly string Password;

    static IEnumerable<string> Choices => ["two", "one"];

    public static int Run() => Execute<ParametersBuild>(x => x.Print);

    Target Print => _ => _
        .Executes(() =>
        {
            Show(nameof(Text), Text);
            Show(nameof(Flag), Flag);
            Show(nameof(MaybeFlag), MaybeFlag);
            Show(nameof(Count), Count);
            Show(nameof(MaybeCount), MaybeCount);
            Show(nameof(Long), Long);
            Show(nameof(Ratio), Ratio);
            Show(nameof(Place), Place);
            Show(nameof(Level), Level);
            Show(nameof(Colour), Colour);
            Show(nameof(Services), string.Join('|', Services));
            Show(nameof(Parts), string.Join('|', Parts));
            Show(nameof(Levels), string.Join('|', Levels));
            Show(nameof(Original), Original);
            Show(nameof(Hidden), Hidden);
            Show(nameof(Choice), Choice);
            Show(nameof(Password), Password);
        });

    static void Show(string name, object value) =>
        Console.WriteLine($"={name}={Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null"}");
}

// Without a documentation comment, which the schema would repeat.
public enum Level
{
    Low,
    Middle,
    High
}

/// <summary>An enumeration of the library.</summary>
[TypeConverter(typeof(TypeConverter<Colour>))]
public class Colour : Enumeration
{
    public static readonly Colour Red = new() { Value = "ff0000" };
    public static readonly Colour Green = new() { Value = "00ff00" };
}
