using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common;

/// <summary>
/// A value from the command line, the environment or a parameter file (in this precedence); the initialiser is the default.
/// </summary>
public class ParameterAttribute : ValueInjectionAttributeBase
{
    public ParameterAttribute(string description = null) => Description = description;

    public virtual string Description { get; }

    /// <summary>By default the name of the member.</summary>
    public string Name { get; set; }

    /// <summary>One character that separates the elements of an array.</summary>
    public string Separator { get; set; }

    /// <summary>Whether the help text shows the parameter.</summary>
    public virtual bool List { get; set; } = true;

    /// <summary>Where <see cref="ValueProviderMember"/> is; by default the build.</summary>
    public Type ValueProviderType { get; set; }

    /// <summary>A member of type IEnumerable&lt;string&gt; with the possible values.</summary>
    public string ValueProviderMember { get; set; }

    public override object GetValue(MemberInfo member, object instance) =>
        Parameters.Get(member, ValueConversion.NullableOf(Members.TypeOf(member)));

    public virtual IEnumerable<(string, object)> GetValueSet(MemberInfo member, object instance) => null;
}
