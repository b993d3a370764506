using OpenStack.Packages;
using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

public class LicenseTests
{
    [Theory]
    [InlineData("GPL-2", "GPL-2.0-only")]
    [InlineData("GPL-2+", "GPL-2.0-or-later")]
    [InlineData("GPL-2.0+", "GPL-2.0-or-later")]
    [InlineData("LGPL-2.1+", "LGPL-2.1-or-later")]
    [InlineData("Expat", "MIT")]
    [InlineData("BSD-3-clause", "BSD-3-Clause")]
    [InlineData("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later")]
    [InlineData("Apache-2.0", "Apache-2.0")]
    [InlineData("GPL-1+ or Artistic, and BSD-3-clause", "(GPL-1.0-or-later OR Artistic-1.0) AND BSD-3-Clause")]
    [InlineData("GPL-2+ or Expat and ISC", "GPL-2.0-or-later OR (MIT AND ISC)")]
    [InlineData("GPL-2+ with Autoconf exception", "GPL-2.0-or-later WITH Autoconf-exception-2.0")]
    [InlineData("GPL-2 with Linux-syscall-note exception or BSD-2-clause",
        "GPL-2.0-only WITH Linux-syscall-note OR BSD-2-Clause")]
    [InlineData("Carnegie or GPL-2+", "LicenseRef-Carnegie OR GPL-2.0-or-later")]
    [InlineData("GPL-2+ with OpenSSL exception", "name: GPL-2+ with OpenSSL exception")]
    [InlineData("public-domain", "name: public-domain")]
    [InlineData("LGPL2.1 (see COPYING-LGPL2.1)", "name: LGPL2.1 (see COPYING-LGPL2.1)")]
    [InlineData("GPL-2+ or", "name: GPL-2+ or")]
    [InlineData("and", "name: and")]
    [InlineData("((MIT)", "name: ((MIT)")]
    public void DebianNamesLicensesInItsOwnWay(string text, string expected) =>
        Assert.Equal(expected, Show(LicenseExpression.Parse(text, isDebian: true)));

    [Theory]
    [InlineData("MIT", "MIT")]
    [InlineData("apache-2.0", "Apache-2.0")]
    [InlineData("(MIT OR Apache-2.0) AND BSD-3-Clause", "(MIT OR Apache-2.0) AND BSD-3-Clause")]
    [InlineData("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception")]
    [InlineData("LicenseRef-Proprietary", "LicenseRef-Proprietary")]
    [InlineData("GPL-3.0-or-later", "GPL-3.0-or-later")]
    // Not every exception has the word in its id, and a licence is none.
    [InlineData("Apache-2.0 WITH LLGPL", "Apache-2.0 WITH LLGPL")]
    [InlineData("gpl-2.0-only with linux-SYSCALL-note", "GPL-2.0-only WITH Linux-syscall-note")]
    [InlineData("GPL-2.0-only WITH MIT", "name: GPL-2.0-only with MIT")]
    [InlineData("LLGPL", "name: LLGPL")]
    // Keywords compare without case; what somebody chose stays.
    [InlineData("licenseref-Mine.1", "LicenseRef-Mine.1")]
    [InlineData("MIT OR documentref-X:LICENSEREF-y", "MIT OR DocumentRef-X:LicenseRef-y")]
    [InlineData("LicenseRef-not_one", "name: LicenseRef-not_one")]
    public void ExpressionsOfSpdxStay(string text, string expected) =>
        Assert.Equal(expected, Show(LicenseExpression.Parse(text, isDebian: false)));

    [Fact]
    public void ALongOrDeepTextIsNoExpression()
    {
        Assert.False(LicenseExpression.Parse(new string('(', 1000) + "MIT" + new string(')', 1000), isDebian: true)
            .Single().IsSpdx);
        Assert.False(LicenseExpression.Parse(string.Join(" or ", Enumerable.Repeat("MIT", 1000)), isDebian: true)
            .Single().IsSpdx);
    }

    [Fact]
    public void ACopyrightFileNamesTheLicensesOfWhatIsInThePackage() =>
        Assert.Equal("MIT AND GPL-2.0-or-later", Show(DebianCopyright.LicensesIn("""
        Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
        Upstream-Name: thing
        License: Zlib

        Files: *
        Copyright: somebody
        License: Expat

        Files: src/*
         doc/*
        Copyright: somebody
        License: GPL-2+
         The text.

        Files: debian/*
        Copyright: a maintainer
        License: GPL-3+

        License: Expat
         Another text.
        """)));

    [Theory]
    [InlineData("On Debian systems see /usr/share/common-licenses/Apache-2.0.", "Apache-2.0")]
    [InlineData("version 2, or (at your option) any\n later version: /usr/share/common-licenses/GPL-2'.",
        "GPL-2.0-or-later")]
    [InlineData("see /usr/share/common-licenses/GPL-2.", "name: GPL-2")]
    [InlineData("any later version: /usr/share/common-licenses/GPL-2, /usr/share/common-licenses/LGPL-2.1",
        "name: GPL-2 AND name: LGPL-2.1")]
    [InlineData("/usr/share/common-licenses/BSD", "BSD-3-Clause")]
    [InlineData("Permission is hereby granted, free of charge", "")]
    public void AFreeTextSaysOnlyWhatItRefersTo(string text, string expected) =>
        Assert.Equal(expected, Show(DebianCopyright.LicensesIn(text)));

    [Theory]
    [InlineData("License-Expression: MIT OR Apache-2.0\nLicense: BSD", "MIT OR Apache-2.0")]
    [InlineData("License: Apache 2.0\nClassifier: License :: OSI Approved :: BSD License", "Apache-2.0")]
    [InlineData("License: BSD\nClassifier: License :: OSI Approved :: MIT License", "MIT")]
    [InlineData("License: UNKNOWN\nClassifier: License :: OSI Approved\n"
        + "Classifier: License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later")]
    [InlineData("License: Dual License\nClassifier: License :: OSI Approved :: BSD License\n"
        + "Classifier: License :: OSI Approved :: Apache Software License", "name: Dual License")]
    [InlineData("Classifier: License :: OSI Approved :: BSD License\n"
        + "Classifier: License :: OSI Approved :: Apache Software License", "name: BSD License AND Apache-2.0")]
    [InlineData("License: Apache License\n        Version 2.0, January 2004", "")]
    [InlineData("Name: x", "")]
    public void PythonSaysItInThreePlaces(string metadata, string expected) =>
        Assert.Equal(expected, Show(PythonLicense.LicensesIn(CoreMetadata.Parse(metadata))));

    [Theory]
    [InlineData("Classifier: License :: OSI Approved :: BSD License\nClassifier: License :: OSI Approved :: Apache " +
        "Software License", true)]
    [InlineData("Classifier: License :: OSI Approved\nClassifier: License :: OSI Approved :: MIT License", false)]
    [InlineData("Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: MIT License", false)]
    [InlineData("License: Apache-2.0 OR BSD-3-Clause\nClassifier: License :: OSI Approved :: BSD License\n" +
        "Classifier: License :: OSI Approved :: Apache Software License", false)]
    public void SeveralClassifiersDoNotSayWhetherAllHold(string metadata, bool expected) =>
        Assert.Equal(expected, PythonLicense.Read(CoreMetadata.Parse(metadata)).Note is not null);

    [Fact]
    public void NamesLeadToIds()
    {
        foreach (var (name, id) in SbomData.Map("license-names.txt"))
            Assert.True(SpdxLicenses.IsId(id) || SpdxLicenses.IsId($"{id}-only") || SpdxLicenses.ExceptionOf(id) == id,
                $"{name} = {id}");
    }

    static string Show(IReadOnlyList<LicenseText> licenses) => licenses.All(x => x.IsSpdx)
        ? LicenseExpression.Conjunction(licenses)
        : string.Join(" AND ", licenses.Select(x => x.IsSpdx ? x.Text : $"name: {x.Text}"));
}
