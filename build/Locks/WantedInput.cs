using System.Net.Http.Headers;
using Nuke.Common.IO;

namespace OpenStack.Locks;

/// <summary>A file that is to be in the store.</summary>
/// <param name="Name">As people know it.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Size">In bytes; null where nobody says.</param>
/// <param name="Places">Where it may be, in the order in which they are asked.</param>
public sealed record WantedInput(string Name, string Sha256, long? Size, IReadOnlyList<Uri> Places)
{
    /// <summary>What a place wants to know before it hands it out; null where none asks.</summary>
    internal Func<Uri, AuthenticationHeaderValue?>? AuthorizationFor { get; init; }

    /// <summary>
    /// Writes it into a file, where no url is enough: a registry wants to know who asks. Null where places are.
    /// </summary>
    internal Func<AbsolutePath, CancellationToken, Task>? Download { get; init; }
}
