namespace OpenStack.NativePackages;

/// <summary>A unit of systemd as a file (systemd.unit(5), systemd.service(5)).</summary>
public static class UnitFile
{
    /// <summary>Where units of packages are.</summary>
    public const string Directory = "usr/lib/systemd/system";

    public static string NameOf(PackageUnit unit) => $"openstack-{unit.Name}.service";

    /// <summary>
    /// It names the version by its own path, so that what runs stays what it is until it is restarted. The
    /// environment is first on <c>PATH</c>, as in the image.
    /// </summary>
    public static string Of(ServicePackage package, PackageUnit unit)
    {
        var service = package.Image.Service;
        var arguments = unit.Run.Skip(1).Select(package.Variables.Fill).Prepend($"{package.Prefix}/bin/{unit.Run[0]}");
        var hardened = unit.BecomesRoot ? "" : "NoNewPrivileges=yes\nPrivateTmp=yes\nProtectSystem=full\n";
        return $"""
            [Unit]
            Description={unit.Summary.Replace("%", "%%", StringComparison.Ordinal)}
            After=network-online.target
            Wants=network-online.target

            [Service]
            User=openstack
            Group=openstack
            Environment=PATH={package.Prefix}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            Environment=LANG=C.UTF-8 HOME=/var/lib/{service}
            WorkingDirectory=/var/lib/{service}
            ExecStart={string.Join(' ', arguments.Select(Quote))}
            Restart=on-failure
            {hardened}
            [Install]
            WantedBy=multi-user.target

            """;
    }

    /// <summary>
    /// A word of <c>ExecStart</c>, which knows quotes, backslashes, <c>%</c> and <c>$</c> (systemd.service(5),
    /// "Command lines"; systemd.syntax(7), "Quoting").
    /// </summary>
    public static string Quote(string word)
    {
        var text = word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        return text == word && !word.Any(x => x is ' ' or '\'' or ';') ? word : $"\"{text}\"";
    }
}
