using System.Text;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Shows the targets and parameters, if asked for or if there is nothing to do.</summary>
sealed class HandleHelpRequestsAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    const int MaximumWidth = 90;

    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Help && executionPlan.Count > 0)
            return;
        Host.Debug(TextOfTargets(executableTargets));
        Host.Debug(TextOfParameters(executableTargets));
        Environment.Exit(0);
    }

    static string TextOfTargets(IReadOnlyCollection<ExecutableTarget> targets)
    {
        var width = Math.Max(targets.Max(x => x.Name.Length), 20);
        var text = new StringBuilder().AppendLine("Targets (with their direct dependencies):").AppendLine();
        foreach (var target in targets.Where(x => x.Listed))
        {
            var name = target.IsDefault ? $"{target.Name} (default)" : target.Name;
            var dependencies = target.ExecutionDependencies.Count > 0 ? $" -> {string.Join(", ", target.ExecutionDependencies.Select(x => x.Name))}" : "";
            text.AppendLine($"  {name.PadRight(width)}{dependencies}");
            if (!string.IsNullOrWhiteSpace(target.Description))
                text.AppendLine($"    {target.Description}");
        }

        return text.ToString();
    }

    string TextOfParameters(IReadOnlyCollection<ExecutableTarget> targets)
    {
        var text = new StringBuilder();
        var defaults = string.Join(", ", targets.Where(x => x.IsDefault).Select(x => x.Name));
        var parameters = ValueInjector.ParametersOf(Build.GetType()).Where(x => ((ParameterAttribute)x.Attribute).List).ToArray();
        var width = Math.Max(parameters.Max(x => Parameters.DashedName(x.ParameterName).Length), 16);
        void Append(Injection parameter) =>
            AppendLines(text, Parameters.DashedName(parameter.ParameterName), TextOf(parameter, defaults.Length > 0 ? defaults : "<none>"), width);

        text.AppendLine("Parameters:");
        if (parameters.Any(x => !x.IsOfEngine))
            text.AppendLine();
        foreach (var parameter in parameters.Where(x => !x.IsOfEngine))
            Append(parameter);
        text.AppendLine();
        foreach (var parameter in parameters.Where(x => x.IsOfEngine))
            Append(parameter);
        return text.ToString();
    }

    static string TextOf(Injection parameter, string defaults)
    {
        if (parameter.Description?.Replace("{default_target}", defaults, StringComparison.Ordinal) is not { } description)
            return "<no description>";
        return description.EndsWith('.') ? description : description + ".";
    }

    static void AppendLines(StringBuilder text, string name, string description, int width)
    {
        var indentation = width + 6;
        var lineWidth = 0;
        text.Append($"  --{name.PadRight(width)}  ");
        foreach (var word in description.Split(' '))
        {
            if (indentation + lineWidth + word.Length is var end && (end >= Console.BufferWidth || end > MaximumWidth))
            {
                text.AppendLine().Append(' ', indentation);
                lineWidth = 0;
            }

            text.Append(' ').Append(word);
            lineWidth += word.Length + 1;
        }

        text.AppendLine();
    }
}
