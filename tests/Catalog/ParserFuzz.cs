using OpenStack.Diagnostics;
using OpenStack.Tests.Constraints;

namespace OpenStack.Tests.Catalog;

/// <summary>Whatever stands in a file of YAML, it is read, or reported with its place.</summary>
static class ParserFuzz
{
    const int Runs = 4_000;

    /// <param name="text">A sound file.</param>
    /// <param name="seed">Of the mutations.</param>
    /// <param name="leastReported">
    /// How many of them at least must be found to be wrong; otherwise this proves nothing.
    /// </param>
    public static void Run(string text, int seed, int leastReported, Action<string, List<Problem>> parse)
    {
        var mutator = new Mutator(seed);
        var reported = 0;
        for (var i = 0; i < Runs; i++)
        {
            var problems = new List<Problem>();
            var mutated = mutator.Mutate(text);
            try
            {
                parse(mutated, problems);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.GetType().Name} of: {mutated}", e);
            }

            Assert.All(problems, x => Assert.True(x.Line > 0 && x.Column > 0, $"{x} has no place"));
            reported += problems.Count > 0 ? 1 : 0;
        }

        Assert.InRange(reported, leastReported, Runs);
    }
}
