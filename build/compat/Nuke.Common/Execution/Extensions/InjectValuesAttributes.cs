using System.Linq.Expressions;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Gives plain parameters their values, as soon as the build exists.</summary>
sealed class InjectParameterValuesAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets) =>
        ValueInjector.Inject(Build, x => x.Attribute.GetType() == typeof(ParameterAttribute));
}

/// <summary>Gives all other members their values, when there is a plan.</summary>
sealed class InjectNonParameterValuesAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        var isOnDemand = Build.GetType().IsDefined(typeof(OnDemandValueInjectionAttribute), inherit: true);
        ValueInjector.Inject(Build, x =>
        {
            if (x.Attribute.GetType() == typeof(ParameterAttribute))
                return false;
            if (!isOnDemand && !Attribute.IsDefined(x.Member, typeof(OnDemandAttribute)))
                return true;
            return !Attribute.IsDefined(x.Member, typeof(RequiredAttribute))
                && executionPlan.SelectMany(y => y.DelegateRequirements).Where(y => y is not Expression<Func<bool>>).Select(Members.Of).Contains(x.Member);
        });
    }
}
