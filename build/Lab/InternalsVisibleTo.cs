using System.Runtime.CompilerServices;

// The parts of the laboratory are tested one by one; only the whole is for others.
[assembly: InternalsVisibleTo("Tests")]
