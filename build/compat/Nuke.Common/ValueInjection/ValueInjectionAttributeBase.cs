using System.Reflection;
using Nuke.Common.Utilities;
using Serilog;

namespace Nuke.Common.ValueInjection;

/// <summary>Gives a field or property its value at start-up. A value that cannot be had is a warning.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ValueInjectionAttributeBase : Attribute
{
    public INukeBuild Build { get; internal set; }

    /// <summary>Higher first, within one class.</summary>
    public virtual int Priority => 0;

    public virtual bool SuppressWarnings => false;

    /// <summary>The value; null leaves the member as it is.</summary>
    public abstract object GetValue(MemberInfo member, object instance);

    /// <summary><see cref="GetValue"/>, with failures turned into a warning and null.</summary>
    public object TryGetValue(MemberInfo member, object instance)
    {
        try
        {
            return GetValue(member, instance);
        }
        catch (Exception exception)
        {
            if (!SuppressWarnings && !member.IsDefined(typeof(OptionalAttribute)))
                Log.Warning(exception.Unwrap(), "Could not inject value for {Member}", Members.DisplayName(member));
            return null;
        }
    }

    /// <summary>The value of another member of the instance, which must exist.</summary>
    protected T GetMemberValue<T>(string memberName, object instance)
    {
        var type = instance.GetType();
        var member = MemberDiscovery.Find(type, x => x.GetMember(memberName, Members.All), strict: false).FirstOrDefault()
            .NotNull($"No member '{memberName}' found in '{type.Name}'");
        return (T)Members.GetValue(member, instance);
    }

    protected T GetMemberValueOrNull<T>(string memberName, object instance) =>
        memberName is null ? default : GetMemberValue<T>(memberName, instance);
}
