using System.Collections;

namespace Nuke.Common.Utilities.Collections;

/// <summary>Several values per key, in the order they were added.</summary>
public class LookupTable<TKey, TValue> : ILookup<TKey, TValue>
{
    readonly Dictionary<TKey, List<TValue>> values = [];

    public int Count => values.Count;

    public IEnumerable<TValue> this[TKey key]
    {
        get => values.TryGetValue(key, out var list) ? list : [];
        set => values[key] = [.. value];
    }

    public void Add(TKey key, TValue value) => AddRange(key, [value]);

    public void AddRange(TKey key, IEnumerable<TValue> values)
    {
        if (!this.values.TryGetValue(key, out var list))
            this.values.Add(key, list = []);
        list.AddRange(values);
    }

    public bool Contains(TKey key) => values.ContainsKey(key);

    public IEnumerator<IGrouping<TKey, TValue>> GetEnumerator() =>
        values.SelectMany(x => x.Value.Select(y => (x.Key, y))).GroupBy(x => x.Key, x => x.y).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
