namespace OpenStack.Tests.Constraints;

/// <summary>Breaks a valid text in a few random places; the same seed breaks it in the same ones, in runs of the same
/// <see cref="FuzzSeed"/>.</summary>
sealed class Mutator(int seed)
{
    const string Characters = "=<>!~;,.-_+*#@()[]{}:&'\"\\/$` \t\r\n\0\uFEFF\u2028é0129azAZ";

    readonly Random _random = FuzzSeed.At(seed);

    public string Mutate(string text)
    {
        var result = new System.Text.StringBuilder(text);
        for (var i = _random.Next(1, 5); i > 0 && result.Length > 1; i--)
        {
            var at = _random.Next(result.Length);
            var length = _random.Next(1, Math.Min(20, result.Length - at) + 1);
            switch (_random.Next(5))
            {
                case 0: result.Remove(at, length); break;
                case 1: result.Insert(at, Characters[_random.Next(Characters.Length)]); break;
                case 2: result[at] = Characters[_random.Next(Characters.Length)]; break;
                case 3: result.Insert(_random.Next(result.Length), result.ToString(at, length)); break;
                default: result.Length = at + 1; break;
            }
        }

        return result.ToString();
    }
}
