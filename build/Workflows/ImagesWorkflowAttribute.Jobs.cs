namespace OpenStack.Workflows;

// The jobs, in the order in which they run.
sealed partial class ImagesWorkflowAttribute
{
    WorkflowJob Plan(WorkflowActions actions, IReadOnlyList<string> outputs) => new()
    {
        Name = "plan",
        Title = "Plan",
        RunsOn = Runner,
        TimeoutMinutes = 15,
        JobPermissions = [.. ReadOnly, ("packages", "read")],
        Outputs = [.. outputs.Select(x => (x, $"${{{{ steps.changed.outputs.{x} || steps.stale.outputs.{x} }}}}"))],
        Steps =
        [
            .. actions.Begin(history: true),
            new TargetStep([.. PlanTargets])
            {
                Id = "changed",
                Condition = IsNotNightly,
                Environment =
                [
                    ("NUKE_SINCE", Earlier),
                    ("NUKE_SERVICE", "${{ inputs.service || 'all' }}"),
                    ("NUKE_RELEASE", "${{ inputs.release || 'all' }}"),
                ],
            },
            new TargetStep([.. NightlyPlanTargets])
            {
                Id = "stale",
                Condition = IsNightly,
                Environment = RegistryAccess,
            },
        ],
    };

    static WorkflowJob Beside(WorkflowActions actions, string job, string title, string condition,
        IReadOnlyList<string> targets) =>
        new()
        {
            Name = job,
            Title = title,
            Condition = condition,
            RunsOn = Runner,
            TimeoutMinutes = 30,
            JobPermissions = ReadOnly,
            Steps = [.. actions.Begin(), new TargetStep([.. targets])],
        };

    WorkflowJob BuildBases(WorkflowActions actions)
    {
        return new()
        {
            Name = "bases",
            Title = "Base images for ${{ matrix.platform }}",
            Needs = ["plan"],
            Condition = "needs.plan.outputs.bases != ''",
            RunsOn = "${{ matrix.runner }}",
            TimeoutMinutes = 45,
            JobPermissions = ReadOnly,
            Matrix = "needs.plan.outputs.bases",
            Steps =
            [
                .. actions.Begin(), actions.RestoreCache(Bases, Cache),
                Fetch([("NUKE_SERVICE", BaseImage), s_platform]),
                new TargetStep([.. BaseTargets])
                {
                    Environment = [("NUKE_SERVICE", BaseImage), s_platform, s_registry, s_hermetic,
                        ("NUKE_BUILD_CACHE", Cache)],
                },
                actions.SaveCache(Bases, Cache, IsPush),
                actions.Upload(Bases, ["artifacts/base/platforms"]),
            ],
        };
    }

    WorkflowJob BuildImages(string job, WorkflowActions actions)
    {
        const string scope = "${{ matrix.service }}-${{ matrix.release }}-${{ matrix.platform-name }}";
        const string directory = "artifacts/${{ matrix.release }}";
        return new()
        {
            Name = job,
            Title = "${{ matrix.service }} ${{ matrix.release }} for ${{ matrix.platform }}",
            Needs = ["plan", "bases"],
            Condition = $"needs.plan.outputs.{job} != ''",
            RunsOn = "${{ matrix.runner }}",
            // All of upstream's tests of an image may take longer than to build it.
            TimeoutMinutes = 120,
            JobPermissions = ReadOnly,
            Matrix = $"needs.plan.outputs.{job}",
            Steps =
            [
                .. actions.Begin(),
                actions.Download(Bases, "artifacts/base/platforms"),
                actions.RestoreCache(scope, Cache),
                Fetch([.. s_image, s_platform]),
                new TargetStep([.. BuildTargets])
                {
                    Environment = [.. s_image, s_platform, s_registry, s_hermetic, ("NUKE_LOCKED", "true"),
                        ("NUKE_BUILD_CACHE", Cache)],
                },
                new TargetStep([.. SourceTestTargets, "--skip"])
                {
                    Condition = HasSourceTests,
                    Environment = [.. s_image, s_platform, s_registry,
                        ("NUKE_ONLY_PATCHES", "${{ vars.SOURCE_TESTS != 'all' }}")],
                },
                new TargetStep([.. PackageTargets])
                {
                    Condition = HasPackages,
                    Environment = [.. s_image, s_platform, s_registry, s_hermetic, ("NUKE_LOCKED", "true"),
                        ("NUKE_BUILD_CACHE", Cache), s_packageFormat],
                },
                actions.SaveCache(scope, Cache, IsPush),
                new TargetStep([.. CompareTargets])
                {
                    Condition = IsPullRequest,
                    Environment = [.. s_image, s_platform, s_registry, s_hermetic],
                },
                // The platforms are joined later, and sources are needed no more.
                actions.Upload($"image-{scope}", [directory, $"!{directory}/*/checkout", $"!{directory}/*/source/tree",
                    $"!{directory}/*/image", $"!{directory}/*/packages/*/test",
                    $"!{directory}/*/platforms/*/tests/*/image"], IsNoPullRequest),
            ],
        };
    }

    /// <summary>
    /// The images of this run beside each other, and what they do not run without: before anything is published. They
    /// are taken as they were built, and what comes of it is said of them.
    /// </summary>
    WorkflowJob TestSets(WorkflowActions actions, IReadOnlyList<string> builds)
    {
        const string directory = "artifacts/${{ matrix.release }}";
        (string, string)[] settings = [("NUKE_RELEASE", "${{ matrix.release }}"), s_platform, s_registry];
        return new()
        {
            Name = "sets",
            Title = "Test the services of ${{ matrix.release }} together",
            Needs = ["plan", "bases", .. builds],
            Condition = $"{IsNoPullRequest} && !cancelled() && !failure() && needs.plan.outputs.sets != ''",
            RunsOn = "${{ matrix.runner }}",
            TimeoutMinutes = 60,
            JobPermissions = ReadOnly,
            Matrix = "needs.plan.outputs.sets",
            Steps =
            [
                .. actions.Begin(),
                actions.Download(Bases, "artifacts/base/platforms"),
                actions.DownloadAll("image-*-${{ matrix.release }}-${{ matrix.platform-name }}", directory),
                new TargetStep([.. CompleteSetTargets])
                {
                    Condition = "matrix.missing != ''",
                    Environment = [("NUKE_SERVICE", "${{ matrix.missing }}"), .. settings],
                },
                new TargetStep([.. SetTargets, "--skip"])
                {
                    Environment = [("NUKE_SERVICE", "${{ matrix.services }}"), .. settings],
                },
                actions.Upload("set-${{ matrix.release }}", [$"{directory}/*/platforms/*/set-test-result.json",
                    $"{directory}/set", $"!{directory}/set/backends"], "!cancelled()"),
            ],
        };
    }

    WorkflowJob PublishBases(WorkflowActions actions, IReadOnlyList<string> builds) => new()
    {
        Name = "publish-bases",
        Title = "Publish base images",
        Needs = ["plan", "bases", .. builds, "sets"],
        // Nothing is published of a run in which anything failed; a matrix that is not needed is skipped.
        Condition = $"{IsNoPullRequest} && !cancelled() && !failure() && needs.plan.outputs.bases != ''",
        RunsOn = Runner,
        TimeoutMinutes = 45,
        JobPermissions = s_publishing,
        Steps =
        [
            .. actions.Begin(), actions.InstallCosign(),
            actions.DownloadAll("bases-*", "artifacts/base/platforms"),
            new TargetStep([.. PublishTargets, "--skip"])
            {
                Environment = [("NUKE_SERVICE", BaseImage), ("NUKE_PLATFORM", "${{ needs.plan.outputs.platforms }}"),
                    ("NUKE_HERMETIC", "${{ needs.plan.outputs.hermetic }}"),
                    ("NUKE_REPRODUCIBLE", "${{ needs.plan.outputs.hermetic }}"), ("NUKE_ATTEST", "true"),
                    .. RegistryAccess, .. s_identity],
            },
            // Of what images are built with, their provenance tells what it was made of, and they have nothing of it.
            actions.Upload("bases", ["artifacts/base", "!artifacts/base/platforms/*/venv-builder/image"]),
        ],
    };

    WorkflowJob PublishImages(string job, WorkflowActions actions) => new()
    {
        Name = job,
        Title = "Publish ${{ matrix.service }} ${{ matrix.release }}",
        Needs = ["plan", "publish-bases"],
        Condition = $"!cancelled() && needs.publish-bases.result == 'success' && needs.plan.outputs.{job} != ''",
        RunsOn = Runner,
        TimeoutMinutes = 45,
        JobPermissions = s_publishing,
        // One after the other, and of several that wait the newest.
        ConcurrencyGroup = "publish-${{ matrix.service }}-${{ matrix.release }}-${{ github.ref }}",
        Matrix = $"needs.plan.outputs.{job}",
        Steps =
        [
            .. actions.Begin(), actions.InstallCosign(),
            actions.Download("bases", "artifacts/base"),
            actions.DownloadAll("image-${{ matrix.service }}-${{ matrix.release }}-*",
                "artifacts/${{ matrix.release }}"),
            actions.DownloadAll("set-${{ matrix.release }}", "artifacts/${{ matrix.release }}"),
            new TargetStep([.. PublishTargets, "--skip"])
            {
                Environment = [.. s_image, ("NUKE_PLATFORM", "${{ needs.plan.outputs.platforms }}"), s_hermetic,
                    ("NUKE_REPRODUCIBLE", "${{ matrix.hermetic }}"), ("NUKE_ATTEST", "true"),
                    ("NUKE_REQUIRE_STATEMENTS", "tests"), .. RegistryAccess, .. s_identity],
            },
            new TargetStep([.. ReportTargets]) { Condition = HasReport, Environment = [.. s_image, s_registry] },
            // How images changed over time, the published report knows.
            actions.Upload("report-${{ matrix.service }}-${{ matrix.release }}",
                ["artifacts/report/files/artifacts", "!artifacts/report/files/artifacts/history"], HasReport),
        ],
    };

    /// <summary>What images of this run were published, and all that were before.</summary>
    WorkflowJob PublishReport(WorkflowActions actions, List<string> publications) => new()
    {
        Name = "report",
        Title = "Publish the report",
        Needs = ["plan", .. publications],
        // What one image has failed of, the report of the others does not wait for.
        Condition = $"{HasReport} && {IsNoPullRequest} && github.ref == 'refs/heads/main' && !cancelled() && "
            + $"needs.plan.outputs.{publications[0]} != ''",
        RunsOn = Runner,
        TimeoutMinutes = 15,
        JobPermissions = [("contents", "write")],
        ConcurrencyGroup = "report",
        Steps =
        [
            .. actions.Begin(token: "${{ github.token }}"),
            actions.DownloadAll("report-*", "artifacts"),
            new TargetStep([.. PublishReportTargets])
            {
                Environment = [s_registry, ("NUKE_REPORT_BRANCH", "${{ vars.REPORT_BRANCH }}")],
            },
        ],
    };

    /// <summary>
    /// By the runner that has the repository's directory, which a web server there serves: what is added to stays where
    /// it is. Several branches add to it, each with its own identity, so that indexes and packages are verified here,
    /// and no statement.
    /// </summary>
    WorkflowJob PublishPackages(string job, string publication, WorkflowActions actions) => new()
    {
        Name = job,
        Title = "Publish packages of ${{ matrix.service }} ${{ matrix.release }}",
        Needs = ["plan", publication],
        Condition = $"{HasPackages} && !cancelled() && needs.{publication}.result == 'success' && "
            + $"needs.plan.outputs.{publication} != ''",
        RunsOn = "${{ vars.PACKAGE_RUNNER || 'packages' }}",
        TimeoutMinutes = 45,
        JobPermissions = [.. ReadOnly, ("id-token", "write")],
        Matrix = $"needs.plan.outputs.{publication}",
        Steps =
        [
            .. actions.Begin(), actions.InstallCosign(),
            actions.Download("bases", "artifacts/base"),
            actions.DownloadAll("image-${{ matrix.service }}-${{ matrix.release }}-*",
                "artifacts/${{ matrix.release }}"),
            new TargetStep([.. PublishPackageTargets, "--skip"])
            {
                Environment = [.. s_image, ("NUKE_PLATFORM", "${{ needs.plan.outputs.platforms }}"), s_hermetic,
                    s_packageFormat, .. s_packageRepository],
            },
        ],
    };

    /// <summary>What is published is built again by another machine, as anybody else would.</summary>
    WorkflowJob ReproduceImages(string job, IReadOnlyList<string> publications, WorkflowActions actions) => new()
    {
        Name = job,
        Title = "Reproduce ${{ matrix.service }} ${{ matrix.release }} for ${{ matrix.platform }}",
        Needs = ["plan", .. publications],
        // The release's tag leads to what this run has published on the main branch alone.
        Condition = $"{IsNoPullRequest} && github.ref == 'refs/heads/main' && !cancelled() && !failure() && "
            + $"needs.plan.outputs.{job} != ''",
        RunsOn = "${{ matrix.runner }}",
        TimeoutMinutes = 90,
        JobPermissions = [.. ReadOnly, ("id-token", "write"), ("packages", "read")],
        Matrix = $"needs.plan.outputs.{job}",
        Steps =
        [
            .. actions.Begin(), actions.InstallCosign(),
            new TargetStep([.. ReproduceTargets])
            {
                Environment = [.. s_image, s_platform, ("NUKE_ATTEST", "true"), .. RegistryAccess, .. s_identity],
            },
            actions.Upload("reproduction-${{ matrix.service }}-${{ matrix.release }}-${{ matrix.platform-name }}",
                ["artifacts/reproductions"]),
        ],
    };

    /// <summary>What is built from locks is fetched before anything is built, and nothing after that.</summary>
    TargetStep Fetch(IReadOnlyList<(string, string)> selection) => new([.. FetchTargets])
    {
        Condition = IsHermetic,
        Environment = selection,
    };
}
