using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// An image and where it is asked for, which with <c>--registry-mirrors</c> is somewhere else. What is written down of
/// it has its name, only what is asked has the place.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Place">Where it is asked for, with the same tag and digest.</param>
public sealed record MirroredReference(RegistryReference Name, RegistryReference Place)
{
    /// <summary>Whether somebody else than its registry is asked.</summary>
    public bool IsMirrored => Name != Place;

    /// <summary>Asks for it.</summary>
    /// <param name="ask">Gets the place.</param>
    /// <exception cref="ProblemException">
    /// What is wrong there; of a mirror it says what it stands in for, which who reads the message may not know.
    /// </exception>
    public async Task<T> AskAsync<T>(Func<RegistryReference, Task<T>> ask)
    {
        try
        {
            return await ask(Place);
        }
        catch (ProblemException e) when (IsMirrored)
        {
            throw new ProblemException([.. e.Problems.Select(x => x with { Found = $"{this}: {x.Found}" })], e)
            {
                IsUnknown = e.IsUnknown,
            };
        }
    }

    /// <summary>Likewise, where it may not be there: that a mirror lacks it says nothing of its registry.</summary>
    /// <exception cref="ProblemException">Among others: the mirror does not have it.</exception>
    public async Task<T?> FindAsync<T>(Func<RegistryReference, Task<T?>> find)
        where T : class =>
        await AskAsync(find) is { } found ? found
            : IsMirrored ? throw new ProblemException($"{this} is not there",
                "Have the mirror get it, or leave that prefix out of --registry-mirrors")
            : null;

    /// <summary>As messages have it: of a mirror with what it stands in for.</summary>
    public override string ToString() =>
        IsMirrored ? $"{Place} (in place of {Name}, by --registry-mirrors)" : $"{Name}";
}
