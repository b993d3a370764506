using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public class PatchHeaderTests
{
    const string Diff = "---\n a.py | 2 +-\n 1 file changed\n\ndiff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n"
        + "@@ -1 +1 @@\n-Change-Id: I0000000000000000000000000000000000000000\n+CVE-2000-0001\n";

    const string Mail =
        """
        From 1d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11 Mon Sep 17 00:00:00 2001
        From: =?UTF-8?q?Andr=C3=A9_Dupont?= <andre@example.org>
        Date: Mon, 13 Apr 2026 10:02:03 +0200
        Subject: [PATCH 2/12] OSSA-2026-015: Do not let application credentials
         outlive their user
        MIME-Version: 1.0
        Content-Type: text/plain; charset=UTF-8
        Content-Transfer-Encoding: 8bit

        A user that is gone must not log in (cve-2026-12345, CVE-2026-12346).
        Seen at https://review.opendev.org/c/openstack/keystone/+/912345.

        Upstream-Status: Backport [2026.2]
        Closes-Bug: #2141713
        partial-bug: 2141714
        Related-Bug: https://bugs.launchpad.net/keystone/+bug/2141715
        Depends-On: https://review.opendev.org/c/openstack/oslo.policy/+/900000
        Change-Id: I8f2a1d5c3b7e9f0a1b2c3d4e5f60718293a4b5c6
        (cherry picked from commit 0123456789abcdef0123456789abcdef01234567)
        (cherry picked from commit fedcba9876543210fedcba9876543210fedcba98)

        """;

    [Fact]
    public void AllThatFormatPatchWritesIsRead()
    {
        var header = Parse(Mail + Diff);
        Assert.Equal("OSSA-2026-015: Do not let application credentials outlive their user", header.Subject);
        Assert.Equal(("André Dupont", "andre@example.org"), (header.Author, header.Email));
        Assert.Equal(new DateTimeOffset(2026, 4, 13, 10, 2, 3, TimeSpan.FromHours(2)), header.Date);
        Assert.StartsWith("A user that is gone", header.Body);
        Assert.EndsWith("fedcba98)", header.Body);
        Assert.Equal(
            [new(BugRelation.Closes, 2141713), new(BugRelation.Partial, 2141714), new(BugRelation.Related, 2141715)],
            header.Bugs);
        Assert.Equal("I8f2a1d5c3b7e9f0a1b2c3d4e5f60718293a4b5c6", header.ChangeId);
        Assert.Equal(["https://review.opendev.org/c/openstack/oslo.policy/+/900000"], header.DependsOn);
        Assert.Equal(["0123456789abcdef0123456789abcdef01234567", "fedcba9876543210fedcba9876543210fedcba98"],
            header.CherryPickedFrom);
        Assert.Equal(["OSSA-2026-015", "CVE-2026-12345", "CVE-2026-12346"], header.Vulnerabilities);
        Assert.Equal("Backport [2026.2]", header.UpstreamStatus);
        Assert.Equal(["https://review.opendev.org/c/openstack/keystone/+/912345",
            "https://review.opendev.org/c/openstack/oslo.policy/+/900000"], header.Reviews);
    }

    [Fact]
    public void LineEndsOfMailDoNotCount() => Assert.Equal(Parse(Mail + Diff).Body,
        Parse((Mail + Diff).Replace("\n", "\r\n", StringComparison.Ordinal)).Body);

    [Theory]
    [InlineData("=?UTF-8?q?Andr=C3=A9?=", "André")]
    [InlineData("=?utf-8?B?QW5kcsOp?=", "André")]
    [InlineData("=?ISO-8859-1?Q?Andr=E9_D?=", "André D")]
    [InlineData("=?iso-8859-1?b?QW5kcuk=?=", "André")]
    [InlineData("=?UTF-8?q?Andr=C3?=\n =?UTF-8?q?=A9?= D", "André D")]
    [InlineData("=?UTF-8?q?a?= =?ISO-8859-1?q?=E9?=", "aé")]
    [InlineData("=?UTF-8?q?a=3Db=ZZ?= b", "a=b=ZZ b")]
    [InlineData("=?koi8-r?q?=C1?= =?utf-8?b?!!!?=", "=?koi8-r?q?=C1?= =?utf-8?b?!!!?=")]
    public void EncodedWordsAreDecodedWhereTheyCanBe(string subject, string expected) =>
        Assert.Equal(expected, Parse($"Subject: {subject}\n\n{Diff}").Subject);

    [Theory]
    [InlineData("\n\nFrom: B <b@example.org>\nSubject: [PATCH] Fix x\n\nWhy\n\n")]
    [InlineData("\r\nFrom 1d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11 Mon Sep 17 00:00:00 2001\r\n"
        + "From: B <b@example.org>\r\nSubject: Fix x\r\n\r\nWhy\r\n")]
    [InlineData("# HG changeset patch\n# User B <b@example.org>\n# Date 1000000 0\n# Node ID 12\n\nFix x\n\nWhy\n\n")]
    public void WhatStandsBeforeAMailOrInPlaceOfItsFieldsIsRead(string text)
    {
        var header = Parse(text + Diff);
        Assert.Equal(("Fix x", "B", "b@example.org", "Why"),
            (header.Subject, header.Author, header.Email, header.Body));
    }

    [Theory]
    [InlineData("[PATCH] Fix x", "Fix x")]
    [InlineData("[PATCH v2 03/12] [stable-only] Fix x", "[stable-only] Fix x")]
    [InlineData("[keystone][PATCH]Fix x", "[keystone][PATCH]Fix x")]
    [InlineData("Re: [PATCH] Fwd: Fix x", "Fix x")]
    [InlineData("", "")]
    public void OnlyTheMailersTagsAreTakenOff(string subject, string expected) =>
        Assert.Equal(expected, Parse($"Subject: {subject}\n\n{Diff}").Subject);

    [Theory]
    [InlineData("A B <a@b>", "A B", "a@b")]
    [InlineData("\"B, \\\"A\\\"\" <a@b>", "B, \"A\"", "a@b")]
    [InlineData("a@b (A B)", "A B", "a@b")]
    [InlineData("a@b", null, "a@b")]
    [InlineData("A B", "A B", null)]
    [InlineData("<a@b>", null, "a@b")]
    [InlineData("", null, null)]
    public void AuthorsAreReadInEveryForm(string from, string? name, string? email)
    {
        var header = Parse($"From: {from}\n\n{Diff}");
        Assert.Equal((name, email), (header.Author, header.Email));
    }

    [Theory]
    [InlineData("Mon, 13 Apr 2026 10:02:03 +0200", "2026-04-13T08:02:03Z")]
    [InlineData("Sun, 3 Apr 2026 10:02:03 GMT", "2026-04-03T10:02:03Z")]
    [InlineData("3 Apr 2026 1:02 -0530 (IST)", "2026-04-03T06:32:00Z")]
    [InlineData("2026-04-13", "2026-04-13T00:00:00Z")]
    [InlineData("yesterday", null)]
    public void DatesAreReadWhateverTheWeekday(string date, string? expected) =>
        Assert.Equal(
            expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Parse($"Date: {date}\n\n{Diff}").Date);

    [Fact]
    public void WhoeverSendsAPatchTheAuthorIsInItsBody()
    {
        var header = Parse($"From: Sender <s@b>\nSubject: [PATCH] x\n\nFrom: Author <a@b>\n\nText\n{Diff}");
        Assert.Equal(("Author", "x", "Text"), (header.Author, header.Subject, header.Body));
    }

    [Fact]
    public void DebiansFieldsAreRead()
    {
        var header = Parse("Description: Use the system's CA bundle\n Long text\n .\n More\nAuthor: A B <a@b>\n"
            + $"Forwarded: https://review.opendev.org/912345\nBug-Ubuntu: https://x\n{Diff}");
        Assert.Equal(("Use the system's CA bundle", "Long text\n\nMore", "A B"),
            (header.Subject, header.Body, header.Author));
        Assert.Equal("https://review.opendev.org/912345", header.UpstreamStatus);
        Assert.Equal(["https://review.opendev.org/912345"], header.Reviews);
    }

    [Fact]
    public void PlainDiffHasAnEmptyHeader()
    {
        var header = Parse(Diff[Diff.IndexOf("diff", StringComparison.Ordinal)..]);
        Assert.Equal(("", null, null, "", null),
            (header.Subject, header.Author, header.Date, header.Body, header.ChangeId));
        Assert.Empty(header.Vulnerabilities);
        Assert.Equal("", Parse("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n").Subject);
        Assert.Equal("", Parse("").Subject);
    }

    [Fact]
    public void ChangeIdIsTheLastAndWhole()
    {
        Assert.Null(Parse("Subject: x\n\nChange-Id: I123\n" + Diff).ChangeId);
        Assert.Equal("I" + new string('b', 40), Parse($"Subject: x\n\nChange-Id: I{new string('a', 40)}\n"
            + $"Change-Id: I{new string('b', 40)}\n{Diff}").ChangeId);
    }

    static PatchHeader Parse(string text) =>
        PatchHeader.Parse(System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("CVE-2031-22222.patch", "CVE-2031-22222")]
    [InlineData("cve-2031-22222.patch", "CVE-2031-22222")]
    [InlineData("0001-CVE-2031-22222-1.patch", "CVE-2031-22222")]
    [InlineData("CVE-2031-22222-regression.patch", "CVE-2031-22222")]
    [InlineData("fix_CVE-2031-1234567.patch", "CVE-2031-1234567")]
    [InlineData("CVE-2031-22222_CVE-2031-22223.patch", "CVE-2031-22222 CVE-2031-22223")]
    [InlineData("OSSA-2026-015.patch", "OSSA-2026-015")]
    [InlineData("0001-execve-fix.patch", "")]
    [InlineData("0001-execve-2031-22222.patch", "")]
    [InlineData("0001-CVE-2031-222.patch", "")]
    [InlineData("0001-CVE.patch", "")]
    public void VulnerabilitiesAreInTheNameOfTheFileToo(string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', PatchHeader.VulnerabilitiesIn(name)));
}
