using System.Globalization;

namespace OpenStack.Tests;

/// <summary>
/// Where the random of fuzz tests begins: at the same place in every run of the tests, so that they fail for everybody
/// or for nobody, and at another one where <c>FUZZ_SEED</c> gives a number, as <c>tests/fuzz</c> does. A test that
/// takes part has the trait <c>Fuzz</c>, or the word in its class's name.
/// </summary>
static class FuzzSeed
{
    /// <summary>That of this run; 0 where none is given.</summary>
    public static int OfRun { get; } = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), NumberStyles.None,
        CultureInfo.InvariantCulture, out var seed) ? seed : 0;

    /// <summary>Random numbers that depend on the run and on the place where they are used.</summary>
    /// <param name="seed">Of the place.</param>
    public static Random At(int seed) => new(unchecked((OfRun * 1_000_003) + seed));
}
