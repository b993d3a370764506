using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>Applies overrides to upper constraints. Names compare by PEP 503, markers by meaning; nothing is read or written.</summary>
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
    /// <param name="selfDistributionNames">Distributions that are built from source; their pins are removed last (PEP 503 names).</param>
    /// <param name="environment">Leaves out the lines whose marker does not hold in it; null keeps all lines.</param>
    /// <exception cref="ProblemException">All overrides that have nothing to act on.</exception>
    public static ConstraintResult Apply(
        UpperConstraints upper,
        IReadOnlyList<ConstraintOverrides> overrides,
        IReadOnlyCollection<string> selfDistributionNames,
        MarkerEnvironment? environment = null)
    {
        var engine = new ConstraintEngine(upper);
        foreach (var file in overrides)
            foreach (var item in file.Items) engine.Apply(file, item);
        ProblemException.ThrowIfAny(engine._problems);
        foreach (var name in selfDistributionNames) engine.RemoveSelfPin(name);
        var kept = engine._lines.OfType<ConstraintLine>().Where(x => environment is null || x.Pin?.Marker?.Holds(environment) != false);
        return new ConstraintResult([.. kept], engine._changes);
    }

    void Apply(ConstraintOverrides file, ConstraintOverride item)
    {
        var places = PlacesOf(item.Key);
        if (item.Pin is null && places.Count == 0)
            Report(file, item, $"'{item.Name}' is to be removed, but is not there", Suggest.DidYouMean(item.Name, Names, "Remove this line"));
        else if (item.Pin is null) Remove(file, item, places);
        else if (places.Count == 0) Add(file, item, item.Pin);
        else if (item.Pin.Marker is not { } marker) Replace(file, item, item.Pin, [.. places]);
        else if (places.Where(x => marker.Equals(_lines[x]!.Pin!.Marker)).ToList() is { Count: > 0 } matching) Replace(file, item, item.Pin, matching);
        else Report(file, item, $"no line of '{item.Name}' has the marker {marker}", MarkerRemedy(places));
    }

    void Remove(ConstraintOverrides file, ConstraintOverride item, List<int> places)
    {
        Record(file, new ConstraintChange(ConstraintChangeKind.Removed, PinAt(places[0]).Name, VersionsAt(places), null, item.Why, file.File, item.Line));
        foreach (var place in places) _lines[place] = null;
        places.Clear();
    }

    void Add(ConstraintOverrides file, ConstraintOverride item, Pin pin)
    {
        var hint = file.IsWheelhouse ? null : Suggest.DidYouMean(item.Name, Names, within: 1);
        Record(file, new ConstraintChange(ConstraintChangeKind.Added, item.Name, null, pin.VersionAndMarker, item.Why, file.File, item.Line, hint));
        PlacesOf(item.Key).Add(_lines.Count);
        var added = Pin.Of(pin.Name, pin.Version, pin.Marker);
        _lines.Add(new ConstraintLine(added.Text, added));
    }

    /// <summary>The first of the lines becomes the new one, the others go.</summary>
    void Replace(ConstraintOverrides file, ConstraintOverride item, Pin pin, List<int> replaced)
    {
        var old = PinAt(replaced[0]);
        var from = VersionsAt(replaced);
        var kind = from == pin.VersionAndMarker ? ConstraintChangeKind.Unchanged : ConstraintChangeKind.Replaced;
        Record(file, new ConstraintChange(kind, old.Name, from, pin.VersionAndMarker, item.Why, file.File, item.Line));
        if (kind == ConstraintChangeKind.Unchanged) return;
        var @new = Pin.Of(old.Name, pin.Version, pin.Marker);
        foreach (var place in replaced.Skip(1)) _lines[place] = null;
        _lines[replaced[0]] = new ConstraintLine(@new.Text, @new);
        PlacesOf(item.Key).RemoveAll(x => _lines[x] is null);
    }

    void RemoveSelfPin(string name)
    {
        var places = PlacesOf(PythonName.Of(name));
        if (places.Count == 0) return;
        _changes.Add(new ConstraintChange(ConstraintChangeKind.SelfPin, PinAt(places[0]).Name, VersionsAt(places), null, ConstraintOverrides.BuiltFromSource));
        foreach (var place in places) _lines[place] = null;
        places.Clear();
    }

    void Record(ConstraintOverrides file, ConstraintChange change)
    {
        if (!file.IsWheelhouse) _changes.Add(change);
    }

    void Report(ConstraintOverrides file, ConstraintOverride item, string found, string? remedy) =>
        _problems.Add(new Problem(found, file.File, item.Line, item.Column, Remedy: remedy));

    string MarkerRemedy(List<int> places)
    {
        var markers = places.Select(x => PinAt(x).Marker?.ToString()).OfType<string>().ToList();
        return markers.Count == 0 ? "Leave the marker out: its one line has none" : $"Its lines have {string.Join(" and ", markers)}; without a marker all of them are replaced";
    }

    IEnumerable<string> Names => _lines.Select(x => x?.Pin?.Name).OfType<string>();

    Pin PinAt(int place) => _lines[place]!.Pin!;

    string VersionsAt(List<int> places) => string.Join(", ", places.Select(x => PinAt(x).VersionAndMarker));

    List<int> PlacesOf(PythonName key) => _places.TryGetValue(key, out var places) ? places : _places[key] = [];
}
