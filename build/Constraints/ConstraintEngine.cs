using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// Applies overrides to upper constraints. Names compare by PEP 503, markers by meaning; nothing is read or written.
/// </summary>
public sealed class ConstraintEngine
{
    readonly List<ConstraintLine?> _lines;
    readonly Dictionary<PythonName, List<int>> _places = [];
    readonly List<ConstraintChange> _changes = [];
    readonly List<Problem> _problems = [];

    ConstraintEngine(UpperConstraints upper)
    {
        _lines = [.. upper.Lines];
        for (var i = 0; i < _lines.Count; i++)
            if (_lines[i]?.Pin is { } pin) PlacesOf(pin.Key).Add(i);
    }

    /// <param name="overrides">Applied one file after the other.</param>
    /// <param name="selfDistributionNames">
    /// Distributions that are built from source; their pins are removed last (PEP 503 names).
    /// </param>
    /// <param name="environment">Leaves out the lines whose marker surely does not hold in it; null keeps all
    /// lines.</param>
    /// <exception cref="ProblemException">All overrides that have nothing to act on.</exception>
    public static ConstraintResult Apply(
        UpperConstraints upper,
        IReadOnlyList<ConstraintOverrides> overrides,
        IReadOnlyCollection<string> selfDistributionNames,
        MarkerEnvironment? environment = null)
    {
        var engine = new ConstraintEngine(upper);
        foreach (var file in overrides)
            foreach (var items in file.Items.GroupBy(x => x.Key)) engine.Apply(file, [.. items]);
        ProblemException.ThrowIfAny(engine._problems);
        foreach (var name in selfDistributionNames) engine.RemoveSelfPin(name);
        var kept = engine._lines.OfType<ConstraintLine>()
            .Where(x => environment is null || x.Pin?.Marker?.Holds(environment) != false);
        return new ConstraintResult([.. kept], engine._changes);
    }

    /// <summary>
    /// What a file says of one name: one line for everywhere, or lines with a marker each. Those count for the lines of
    /// the same marker; together they replace whatever there is, if one of them holds in every image.
    /// </summary>
    void Apply(ConstraintOverrides file, IReadOnlyList<ConstraintOverride> items)
    {
        var places = PlacesOf(items[0].Key);
        if (places.Count == 0) foreach (var item in items) Add(file, item);
        else if (items is [{ Marker: null } only]) Set(file, only, places);
        else if (items.All(x => PlacesLike(x, places).Count > 0)) foreach (var item in items)
            Set(file, item, PlacesLike(item, places));
        else if (Gap(items) is { } gap) ReportGap(file, items, places, gap);
        else ReplaceAll(file, items, places);
        ReportOverlap(file, items);
    }

    List<int> PlacesLike(ConstraintOverride item, List<int> places) =>
        [.. places.Where(x => item.Marker!.Equals(_lines[x]?.Pin?.Marker))];

    /// <summary>An environment of images in which none of the lines counts; null where there is none.</summary>
    static MarkerEnvironment? Gap(IReadOnlyList<ConstraintOverride> items) =>
        MarkerSpace.Of(items.Select(x => x.Marker!))
            .FirstOrDefault(x => items.All(item => item.Marker!.Holds(x) != true));

    void Set(ConstraintOverrides file, ConstraintOverride item, List<int> places)
    {
        if (item.Pin is { } pin) Replace(file, item, pin, [.. places]);
        else Remove(file, item, [.. places]);
    }

    void Remove(ConstraintOverrides file, ConstraintOverride item, List<int> places)
    {
        Record(file, new ConstraintChange(ConstraintChangeKind.Removed, PinAt(places[0]).Name, VersionsAt(places), null,
            item.Why, file.File, item.Line));
        Clear(item.Key, places);
    }

    void Add(ConstraintOverrides file, ConstraintOverride item)
    {
        if (item.Pin is not { } pin)
        {
            Report(file, item, $"'{item.Name}' is to be removed, but is not there",
                Suggest.DidYouMean(item.Name, Names, "Remove this line"));
            return;
        }

        var hint = file.IsWheelhouse ? null
            : Suggest.DidYouMean(item.Name, Names.Where(x => PythonName.Of(x) != item.Key), within: 1);
        Record(file, new ConstraintChange(ConstraintChangeKind.Added, item.Name, null, pin.VersionAndMarker, item.Why,
            file.File, item.Line, hint));
        Append(pin);
    }

    /// <summary>The first of the lines becomes the new one, the others go.</summary>
    void Replace(ConstraintOverrides file, ConstraintOverride item, Pin pin, List<int> replaced)
    {
        var old = PinAt(replaced[0]);
        // What is there already, or is made here, is spelt as it is.
        var isWanted = !file.IsWheelhouse && item.Why != ConstraintOverrides.BuiltFromSource;
        if (isWanted && replaced.Count == 1 && pin.IsMisspelt(old))
        {
            Report(file, item, $"'{item.Name}==={pin.Version}' is what no index has: it spells the version "
                + $"{old.Version}, as the upper constraints do",
                $"Write {item.Name}=={pin.Version}, which compares versions and not texts, or leave the line out");
            return;
        }

        var kind = replaced.Count == 1 && Equals(old.Marker, pin.Marker) && pin.IsOf(old)
            ? ConstraintChangeKind.Unchanged : ConstraintChangeKind.Replaced;
        Record(file, new ConstraintChange(kind, old.Name, VersionsAt(replaced), pin.VersionAndMarker, item.Why,
            file.File, item.Line));
        if (kind == ConstraintChangeKind.Unchanged) return;
        var @new = Pin.Of(old.Name, pin.Version, pin.Marker, pin.Operator);
        Clear(item.Key, [.. replaced.Skip(1)]);
        _lines[replaced[0]] = new ConstraintLine(@new.Text, @new);
    }

    /// <summary>
    /// Lines that stand for every image take the place of whatever there is; the first of them in its place.
    /// </summary>
    void ReplaceAll(ConstraintOverrides file, IReadOnlyList<ConstraintOverride> items, List<int> places)
    {
        var (name, from, first) = (PinAt(places[0]).Name, VersionsAt(places), places[0]);
        Clear(items[0].Key, [.. places]);
        foreach (var item in items)
        {
            var kind = item.Pin is null ? ConstraintChangeKind.Removed : ConstraintChangeKind.Replaced;
            var to = item.Pin?.VersionAndMarker;
            Record(file, new ConstraintChange(kind, name, item.Pin is null ? $"{from} where {item.Marker}" : from, to,
                item.Why, file.File, item.Line));
        }

        var pins = items.Select(x => x.Pin).OfType<Pin>().Select(x => Pin.Of(name, x.Version, x.Marker, x.Operator))
            .ToList();
        _lines.InsertRange(first, pins.Select(x => new ConstraintLine(x.Text, x)));
        // Every place behind them is another one now.
        _places.Clear();
        for (var i = 0; i < _lines.Count; i++)
            if (_lines[i]?.Pin is { } pin) PlacesOf(pin.Key).Add(i);
    }

    void Append(Pin pin)
    {
        PlacesOf(pin.Key).Add(_lines.Count);
        var added = Pin.Of(pin.Name, pin.Version, pin.Marker, pin.Operator);
        _lines.Add(new ConstraintLine(added.Text, added));
    }

    void Clear(PythonName key, IReadOnlyList<int> places)
    {
        foreach (var place in places) _lines[place] = null;
        PlacesOf(key).RemoveAll(x => _lines[x] is null);
    }

    void RemoveSelfPin(string name)
    {
        var places = PlacesOf(PythonName.Of(name));
        if (places.Count == 0) return;
        _changes.Add(new ConstraintChange(ConstraintChangeKind.SelfPin, PinAt(places[0]).Name, VersionsAt(places), null,
            ConstraintOverrides.BuiltFromSource));
        Clear(PythonName.Of(name), [.. places]);
    }

    void Record(ConstraintOverrides file, ConstraintChange change)
    {
        if (!file.IsWheelhouse) _changes.Add(change);
    }

    void Report(ConstraintOverrides file, ConstraintOverride item, string found, string? remedy) =>
        _problems.Add(new Problem(found, file.File, item.Line, item.Column, Remedy: remedy));

    void ReportGap(ConstraintOverrides file, IReadOnlyList<ConstraintOverride> items, List<int> places,
        MarkerEnvironment gap)
    {
        var markers = places.Select(x => PinAt(x).Marker?.ToString()).OfType<string>().ToList();
        var covered = $"none of these lines counts for {MarkerSpace.Describe(gap, items.Select(x => x.Marker!))}";
        foreach (var item in items.Where(x => PlacesLike(x, places).Count == 0))
        {
            Report(file, item, $"no line of '{item.Name}' has the marker {item.Marker}, and {covered}",
                markers.Count == 0
                ? "Leave the marker out: its one line has none. Or add a line for the rest: together they replace it"
                : $"Its lines have {string.Join(" and ", markers)}; without a marker all of them are replaced");
        }
    }

    /// <summary>An installer that finds two versions for one environment finds no solution.</summary>
    void ReportOverlap(ConstraintOverrides file, IReadOnlyList<ConstraintOverride> items)
    {
        if (items.Count < 2) return;
        var space = MarkerSpace.Of(items.Select(x => x.Marker!));
        foreach (var (i, item) in items.Index().Skip(1))
        {
            foreach (var before in items.Take(i).Where(x => !Agree(x.Pin, item.Pin)))
            {
                if (space.FirstOrDefault(x =>
                    before.Marker!.Holds(x) == true && item.Marker!.Holds(x) == true) is not { } both) continue;
                Report(file, item, $"this line and line {before.Line} both count for "
                    + $"{MarkerSpace.Describe(both, [before.Marker!, item.Marker!])}",
                    "Let one marker exclude the other");
            }
        }
    }

    static bool Agree(Pin? a, Pin? b) => a is null || b is null ? a == b : a.AgreesWith(b);

    IEnumerable<string> Names => _lines.Select(x => x?.Pin?.Name).OfType<string>();

    Pin PinAt(int place) => _lines[place]!.Pin!;

    string VersionsAt(List<int> places) => string.Join(", ", places.Select(x => PinAt(x).VersionAndMarker));

    List<int> PlacesOf(PythonName key) => _places.TryGetValue(key, out var places) ? places : _places[key] = [];
}
