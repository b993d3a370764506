using System.Reflection;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>Tells <see cref="Verifier"/> which test runs. The real package puts it on the test assembly by itself.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    static readonly AsyncLocal<MethodInfo?> s_test = new();

    public override void Before(MethodInfo methodUnderTest) => s_test.Value = methodUnderTest;

    public override void After(MethodInfo methodUnderTest) => s_test.Value = null;

    internal static MethodInfo CurrentTest() =>
        s_test.Value ?? throw new InvalidOperationException("Verify is called outside of a test, or the test assembly has no [assembly: UseVerify]");
}
