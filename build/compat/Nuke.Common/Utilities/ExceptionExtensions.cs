using System.Reflection;

namespace Nuke.Common.Utilities;

static class ExceptionExtensions
{
    /// <summary>What was thrown, without what reflection and tasks wrap around it.</summary>
    public static Exception Unwrap(this Exception exception) => exception switch
    {
        TypeInitializationException or TargetInvocationException when exception.InnerException is { } inner => inner.Unwrap(),
        AggregateException aggregate => aggregate.Flatten(),
        _ => exception
    };
}
