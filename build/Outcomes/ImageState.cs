namespace OpenStack.Outcomes;

/// <summary>What has become of an image in a run.</summary>
public enum ImageState
{
    /// <summary>The run did not come to its end with it.</summary>
    NotFinished,

    /// <summary>Everything that was asked for, and there was no image to build.</summary>
    Done,

    /// <summary>It was there already, from the same inputs.</summary>
    UpToDate,

    Built,

    /// <summary>Left out, as something that it is made of has failed.</summary>
    Skipped,

    Failed,
}
