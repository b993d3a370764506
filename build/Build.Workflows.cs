using OpenStack.Pipeline;
using OpenStack.Workflows;

// ./build.sh --generate-configuration GitHubActions_test --host GitHubActions writes the file; a test fails when it is stale.
// Not generated at every start: NUKE starts another process for that.
[TestWorkflow("test", Targets = [nameof(ITest.Test)], AutoGenerate = false)]
partial class Build;
