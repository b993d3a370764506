using System.ComponentModel;
using System.Globalization;
using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>What the build runs on, and how its output looks there. The one created last is in charge.</summary>
[TypeConverter(typeof(TypeConverter))]
public partial class Host
{
    static Host instance;

    protected Host() => instance = this;

    internal virtual HostTheme Theme => HostTheme.Default;

    /// <summary>Whether blocks are the host's own and can be folded.</summary>
    internal virtual bool CollapsesBlocks => false;

    internal virtual string OutputTemplate => Logging.TimestampTemplate;

    internal static void Success(string text) => Write(HostText.Success, text);
    internal static void Debug(string text = null) => Write(HostText.Debug, text);
    internal static void Information(string text = null) => Write(HostText.Information, text);
    internal static void Warning(string text) => Write(HostText.Warning, text);
    internal static void Error(string text) => Write(HostText.Error, text);

    static void Write(HostText kind, string text) => (instance?.Theme ?? HostTheme.Default).WriteLine(kind, text);

    /// <summary>Begins the output of a target; disposing ends it.</summary>
    protected internal virtual IDisposable WriteBlock(string text)
    {
        Debug();
        Debug("╬" + new string('═', text.Length + 5));
        Debug($"║ {Theme.Format(HostText.Information, text)}");
        Debug("╬" + new string('═', Math.Max(text.Length - 4, 2)));
        Debug();
        return null;
    }

    /// <summary>Called for each warning in the log.</summary>
    protected internal virtual void ReportWarning(string text, string details = null)
    {
    }

    /// <summary>Called for each error in the log.</summary>
    protected internal virtual void ReportError(string text, string details = null)
    {
    }

    /// <summary>Whether a message stays out of the log, because the host has taken it.</summary>
    protected internal virtual bool FilterMessage(string message) => false;

    sealed class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value) => Hosts.Create((string)value);
    }
}
