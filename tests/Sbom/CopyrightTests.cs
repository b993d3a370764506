using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

/// <summary>
/// Copyright files of free text: what is the whole's is claimed, what is of parts is mentioned, and where that is not
/// certain nothing is claimed.
/// </summary>
public class CopyrightTests
{
    const string Gpl = "under the terms of the GNU General Public License as published by the Free Software " +
        "Foundation; either\nversion 2 of the License, or (at your option) any later version.\nThe text is in " +
        "/usr/share/common-licenses/GPL-2.\n";

    const string Bsd2 = """
        Redistribution and use in source and binary forms, with or without
        modification, are permitted provided that the following conditions are
        met:

        * Redistributions of source code must retain the above copyright
          notice, this list of conditions and the following disclaimer.

        * Redistributions in binary form must reproduce the above copyright
          notice, this list of conditions and the following disclaimer in the
          documentation and/or other materials provided with the distribution.

        THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"

        """;

    static readonly string s_bsd3 = Bsd2.Replace(
        "THIS SOFTWARE",
        "Neither the name of X nor the names of its contributors may be used to endorse\n\nTHIS SOFTWARE",
        StringComparison.Ordinal);

    const string Mit = """
        Permission is hereby granted, free of charge, to any person obtaining a copy
        of this software and associated documentation files (the "Software"), to deal
        in the Software without restriction, including without limitation the rights
        to permit persons to whom the Software is fur-
        nished to do so.

        """;

    [Fact]
    public void WhatPythonBeginsWithIsOfTheWhole() => AssertStates($"""
        Copyright: Guido van Rossum

        Most, but not all, Python releases have also been GPL-compatible.
        Licenses for files not licensed under the Python Licenses are found at the end.
        {new string('x', 700)}

        PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2
        --------------------------------------------

        1. This LICENSE AGREEMENT is between the Python Software Foundation

        Copyright (c) 1998 Somebody

        {Mit}
        Copyright (C) 1996 Another

            This script is free software; you can redistribute it {Gpl}
        """, "PSF-2.0", "PSF-2.0, MIT, GPL-2.0-or-later");

    [Fact]
    public void WhatKerberosBeginsWithIsOfTheWhole() => AssertStates(
        $"Copyright:\n\nCopyright (C) 1985-2022 by the Massachusetts Institute of Technology.\n\n{Bsd2}\n\n" +
            $"Copyright (C) 1983 Regents\n\n{s_bsd3}\n\nCopyright (C) 1992 FSF\n\nIt may be redistributed {Gpl}",
        "BSD-2-Clause", "BSD-2-Clause, BSD-3-Clause, GPL-2.0-or-later");

    [Theory]
    [InlineData("", "", "")]
    [InlineData("This library is free software; you can redistribute it and/or modify it under the terms of the GNU " +
        "Lesser General Public\nLicense as published by the Free Software Foundation; either version 2.1 of the\n" +
        "License, or (at your option) any later version. See `/usr/share/common-licenses/LGPL-2.1'.",
        "LGPL-2.1-or-later", "LGPL-2.1-or-later")]
    [InlineData("The overall license is the GNU Lesser General Public\nLicense, version 2.1 (or, at your option, " +
        "any later version).", "LGPL-2.1-or-later", "LGPL-2.1-or-later")]
    [InlineData("It may be used under the GNU General Public License version 3.", "GPL-3.0-only", "GPL-3.0-only")]
    // A grant that nobody here knows comes first: what is referred to below it is of a part.
    [InlineData("You may use it if you send the author a postcard.\n\n The file a.c can be redistributed by " +
        "anybody\n under GPL-2, see /usr/share/common-licenses/GPL-2", "", "name: GPL-2")]
    [InlineData("The following file x.c is free:\n\n" + Mit, "", "MIT")]
    // A choice, or both: this is for a person to read.
    [InlineData("You may redistribute it under the terms of either:\n\n a) the GNU General Public License, version " +
        "2, or\n\n b) the licence of Apache: Licensed under the Apache License, Version 2.0", "",
        "GPL-2.0-only, Apache-2.0")]
    [InlineData("Copyright (C) 2000 X\n\n" + Gpl + "As a special exception, you may link it.", "", "GPL-2.0-or-later")]
    [InlineData(Mit + "Except as contained in this notice, the name of X shall not be used.", "X11", "X11")]
    [InlineData("It is in no known words.", "", "")]
    public void WhatIsNotCertainIsNotClaimed(string text, string whole, string mentioned) =>
        AssertStates(text, whole, mentioned);

    [Fact]
    public void WhatIsMentionedIsEvidence()
    {
        using var image = new SmallImage().Layer(
            ("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n"),
            ("usr/share/doc/a/copyright", $"Copyright (C) 2000 X\n\n{Mit}\n\nCopyright (C) 2001 Y\n\nParts are {Gpl}"));
        var package = BomOf.Component(BomOf.Image(image), "a");
        Assert.Equal(
            ("MIT", "MIT, GPL-2.0-or-later"),
            (BomOf.Licenses(package), BomOf.Licenses(package.GetProperty("evidence"))));
        Assert.Equal(
            ["its copyright file is free text that names further licences, of parts of it"],
            BomOf.Properties(package, "license:note"));
    }

    static void AssertStates(string text, string whole, string mentioned)
    {
        static string Show(IEnumerable<LicenseText> licenses) =>
            string.Join(", ", licenses.Select(x => x.IsSpdx ? x.Text : $"name: {x.Text}"));
        var stated = DebianCopyright.Read(text);
        Assert.Equal((whole, mentioned), (Show(stated.Whole), Show(stated.Mentioned)));
    }
}
