using OpenStack.Sources;
using OpenStack.Tests.Constraints;

namespace OpenStack.Tests.Sources;

/// <summary>Whatever stands in a patch, it is read or it is reported.</summary>
public class PatchFuzzTests
{
    const string Source = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

    const string Patch =
        """
        From 1d0a1c5d6ac1b2ff0fc6ea2b0fa6bc9a2b7d0c11 Mon Sep 17 00:00:00 2001
        From: =?UTF-8?q?Andr=C3=A9?= <andre@example.org>
        Date: Mon, 13 Apr 2026 10:02:03 +0200
        Subject: [PATCH 2/12] =?utf-8?b?w6k=?= OSSA-2026-015: Do not let
         credentials outlive their user
        Content-Transfer-Encoding: 8bit

        Closes-Bug: #2141713
        Upstream-Status: Backport
        Change-Id: I8f2a1d5c3b7e9f0a1b2c3d4e5f60718293a4b5c6
        (cherry picked from commit 0123456789abcdef0123456789abcdef01234567)
        ---
         a.py | 2 +-

        diff --git a/a.py b/a.py
        index 1234567..89abcde 100644
        --- a/a.py
        +++ b/a.py
        @@ -1,3 +1,3 @@
         one
        -two
        +zwei
         three
        @@ -5,3 +5,4 @@
         five
         six
        +six and a half
         seven
        diff --git "a/\303\251" "b/\303\251"
        new file mode 120000
        --- /dev/null
        +++ "b/\303\251"
        @@ -0,0 +1 @@
        +a.py
        \ No newline at end of file
        diff --git a/b c b/d
        similarity index 100%
        rename from b c
        rename to d
        diff --git a/x b/x
        index 0123456..789abcd 100644
        GIT binary patch
        literal 1
        IcmZPo000310RR91

        -- 
        2.39.5

        """;

    [Fact]
    public async Task MutatedPatchesAreReadOrReported()
    {
        var mutator = new Mutator(seed: 11);
        int reported = 0, conflicting = 0, withoutSubject = 0;
        for (var i = 0; i < 2_500; i++)
        {
            var text = mutator.Mutate(Patch);
            var mails = MailBox.Split(text);
            Assert.Equal(text, string.Concat(mails.Select(x => x.Text)));
            var patch = PatchText.Parse(text);
            var header = PatchHeader.Parse(text);
            reported += PatchRules.Check(patch, "p").Count > 0 ? 1 : 0;
            conflicting += (await PatchDiagnosis.OfAsync(patch,
                x => Task.FromResult(x.Length % 2 == 0 ? Source : null))).Conflicts.Count > 0
                ? 1
                : 0;
            withoutSubject += header.Subject.Length == 0 ? 1 : 0;
            Assert.All(patch.Skipped, x => Assert.InRange(x.Line, 1, patch.Lines.Count));
            Assert.All(patch.Files.SelectMany(x => x.Hunks), x => Assert.InRange(x.Line, 1, patch.Lines.Count));
        }

        Assert.InRange(reported, 100, 2_400);
        Assert.InRange(conflicting, 500, 2_500);
        Assert.InRange(withoutSubject, 50, 2_400);
    }
}
