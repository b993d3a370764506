namespace Nuke.Common.Execution;

/// <summary>Strongly connected components of the target graph (Tarjan 1972); one with more than one target is a cycle.</summary>
sealed class TargetCycles
{
    readonly Dictionary<ExecutableTarget, int> indices = [];
    readonly Dictionary<ExecutableTarget, int> lowLinks = [];
    readonly Stack<ExecutableTarget> stack = [];
    readonly List<string> cycles = [];

    /// <exception cref="Exception">There are cycles; all are named.</exception>
    public static void Check(IReadOnlyCollection<ExecutableTarget> targets)
    {
        var search = new TargetCycles();
        foreach (var target in targets)
        {
            if (!search.indices.ContainsKey(target))
                search.Visit(target);
        }

        if (search.cycles.Count > 0)
            throw new Exception(string.Join(Environment.NewLine, search.cycles.Prepend("Circular dependencies between targets:")));
    }

    void Visit(ExecutableTarget target)
    {
        lowLinks[target] = indices[target] = indices.Count;
        stack.Push(target);
        foreach (var dependency in target.AllDependencies)
        {
            if (!indices.TryGetValue(dependency, out var index))
            {
                Visit(dependency);
                lowLinks[target] = Math.Min(lowLinks[target], lowLinks[dependency]);
            }
            else if (stack.Contains(dependency))
                lowLinks[target] = Math.Min(lowLinks[target], index);
        }

        if (lowLinks[target] != indices[target])
            return;
        var component = new List<string>();
        ExecutableTarget member;
        do
        {
            member = stack.Pop();
            component.Add(member.Name);
        }
        while (member != target);

        if (component.Count > 1)
            cycles.Add($" - {string.Join(", ", component)}");
    }
}
