using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Layers;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>Everything that one service image is built from, read from the outputs of the stages before.</summary>
/// <param name="Service">Name of the service, which is that of its image directory.</param>
/// <param name="Release">The OpenStack release.</param>
/// <param name="Version">Version of the packaged software; of a Python distribution after PEP 440.</param>
/// <param name="Revision">Commit that was checked out.</param>
/// <param name="Remote">Where the commit comes from, as the world knows it.</param>
/// <param name="CommitTime">Time of the commit.</param>
/// <param name="SourceDirectory">The sealed tree.</param>
/// <param name="SourceDigest">Digest of everything that the sealed tree depends on.</param>
public abstract record ServiceImage(
    string Service,
    string Release,
    string Version,
    string Revision,
    string Remote,
    DateTimeOffset CommitTime,
    AbsolutePath SourceDirectory,
    string SourceDigest)
{
    /// <summary>Runtime packages of the distribution that the image is built on.</summary>
    public required IReadOnlyList<string> AptPackages { get; init; }

    /// <summary>How far its release is in its life; null where nobody has recorded it.</summary>
    public Series? Series { get; init; }

    /// <summary>The user's shell, further directories.</summary>
    public ImageData Data { get; init; } = ImageData.Default;

    /// <summary>What it has of what it offers; their packages are among those above.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>
    /// The layers that it shares with other images, lowest first; null where it has those of the steps that make it.
    /// </summary>
    public IReadOnlyList<PlannedLayer>? Layers { get; init; }

    /// <summary>What it is built from by its lock; null where it is what archives and indexes have.</summary>
    public ImageLock? Lock { get; init; }

    /// <summary>Where its layout, record and log are kept.</summary>
    public required AbsolutePath Directory { get; init; }

    public AbsolutePath LayoutDirectory => Directory / "image";

    public AbsolutePath InputsFile => Directory / "inputs.json";

    /// <summary>
    /// What its Dockerfile begins with: a directory of images, the last stage of its Dockerfile, and the profile of its
    /// packages.
    /// </summary>
    public abstract string Shared { get; }

    /// <summary>The named contexts that images of its kind have, beside the base images.</summary>
    public abstract Dictionary<string, string> Contexts { get; }

    /// <summary>Arguments of the image itself.</summary>
    public virtual Dictionary<string, string> Args => new()
    {
        ["SERVICE"] = Service,
        ["APT_PACKAGES"] = string.Join(' ', AptPackages),
        ["USER_SHELL"] = Data.Shell,
        ["DIRECTORIES"] = string.Join(' ', Data.Directories),
        ["SETUID_PROGRAMS"] = string.Join(' ', Data.SetuidPrograms),
    };

    /// <summary>Adds what images of its kind depend on, beside what all do.</summary>
    protected abstract void AddTo(StageInputs inputs, OciLayout pythonBase);

    /// <summary>
    /// The source date epoch: nothing in the image is newer. Never before the base image, whose files would be given
    /// other times then, and so its layers other digests than those that every other image shares.
    /// </summary>
    public DateTimeOffset EpochOn(OciLayout pythonBase) =>
        pythonBase.ReadConfig().Created is var created && created > CommitTime ? created : CommitTime;

    /// <summary>Name of the Python distribution that it is made for; null where it is none.</summary>
    protected virtual string? OwnDistribution => null;

    /// <summary>How its layers are divided; null for as the steps have made them.</summary>
    internal ILayerDivision? DivisionOn(OciLayout pythonBase) =>
        Layers is null ? null : new PlannedDivision(Layers, OwnDistribution, EpochOn(pythonBase));

    /// <summary>The packages that it adds to its base, once it is built.</summary>
    internal ImagePackages PackagesOn(OciLayout pythonBase, ImageTree below) => ImagePackages.Of(
        Service, OwnDistribution, OciLayout.Open(LayoutDirectory), pythonBase.ReadConfig().DiffIds.Count, below);

    /// <summary>The stage that the image is: its layout and all that its digest depends on.</summary>
    public Stage StageOf(ImageSettings settings, OciLayout pythonBase, string venvBuilder)
    {
        var inputs = settings.InputsOf(Service, EpochOn(pythonBase))
            .Add($"{Shared}.files", settings.DigestOf(Shared))
            .Add("base.name", settings.PythonBaseName)
            .Add("base.digest", pythonBase.Digest)
            .Add("builder.digest", venvBuilder)
            .Add("source.remote", Remote)
            .Add("source.revision", Revision)
            .Add("source.digest", SourceDigest);
        AddTo(inputs, pythonBase);
        if (Lock is not null) inputs.Add(ImageSettings.LockInput, Lock.Digest);
        foreach (var (label, value) in ImageLabels.OfSeries(Series)) inputs.Add("label." + label, value);
        foreach (var (name, value) in Args) inputs.Add("arg." + name, value);
        if (Layers is not null) inputs.Add("layers.plan", LayerPlan.DigestOf(Layers));
        return new Stage(LayoutDirectory, inputs) { InputsFile = InputsFile };
    }
}
