using System.Reflection;

namespace Nuke.Common.ValueInjection;

/// <summary>
/// Members of a build and of its components: those of the class in reflection order, then those of all its interfaces.
/// </summary>
static class MemberDiscovery
{
    /// <param name="select">The candidates of one type.</param>
    /// <param name="strict">One member per name: the most derived; ambiguity is an error.</param>
    public static List<T> Find<T>(Type type, Func<Type, IEnumerable<T>> select, bool strict)
        where T : MemberInfo
    {
        var result = new List<T>();
        var names = new Dictionary<string, T>();
        foreach (var member in select(type))
        {
            if (!member.Name.Contains('.', StringComparison.Ordinal) && names.TryAdd(member.Name, member))
                result.Add(member);
        }

        var inherited = type.GetInterfaces().SelectMany(select)
            .Where(x => type.GetMember(x.Name).Length == 0)
            .GroupBy(Members.ShortName);
        foreach (var group in inherited)
        {
            var members = strict ? MostDerived(group.Key, [.. group], names.GetValueOrDefault(group.Key)) : group;
            result.AddRange(members);
        }

        return result;
    }

    static IEnumerable<T> MostDerived<T>(string name, List<T> members, T classMember)
        where T : MemberInfo
    {
        string Fault(string problem) => string.Join(
            Environment.NewLine,
            members.Select(x => $" - {x.DeclaringType!.Name}").Prepend($"{members[0].MemberType} '{name}' {problem}:"));

        if (classMember is not null)
            throw new ArgumentException(Fault("must be marked public to override inherited member from"));
        if (members.Count == 1)
            return members;
        var mostBase = members.Find(x => members.All(y => x.DeclaringType!.IsAssignableFrom(y.DeclaringType)));
        if (mostBase is null)
            throw new ArgumentException(Fault("must be implemented explicitly because it is inherited from multiple interfaces"));
        // Read through the interface that declares it, the property gives what the most derived one says.
        return [mostBase];
    }
}
