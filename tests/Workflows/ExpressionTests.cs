using System.Text.Json.Nodes;

namespace OpenStack.Tests.Workflows;

/// <summary>Expressions of workflows, as GitHub describes them.</summary>
public sealed class ExpressionTests
{
    static readonly Dictionary<string, JsonNode?> s_contexts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["github"] = JsonNode.Parse(
            """{"event_name": "push", "event": {"before": "abc", "numbers": [10, 20]}, "ref": "refs/heads/main"}"""),
        ["needs"] = JsonNode.Parse(
            """{"plan": {"result": "success", "outputs": {"build-1": "{\"include\":[{\"a\":\"1\"}]}"}}}"""),
        ["inputs"] = new JsonObject(),
    };

    [Theory]
    [InlineData("github.event_name == 'push'", "true")]
    [InlineData("github.event_name == 'PUSH'", "true")]
    [InlineData("GitHub.Event_Name != 'pull_request' && github.ref", "refs/heads/main")]
    [InlineData("github.event.pull_request.number || github.ref", "refs/heads/main")]
    [InlineData("inputs.service || 'all'", "all")]
    [InlineData("needs.plan.outputs.build-1 != ''", "true")]
    [InlineData("needs.plan.outputs.build-2 != ''", "false")]
    [InlineData("needs.other.outputs.x", "")]
    [InlineData("fromJSON(needs.plan.outputs.build-1).include[0].a", "1")]
    [InlineData("github.event.numbers[1] > 10 && github.event['before'] == 'abc'", "true")]
    [InlineData("!(1 == 2) && !false", "true")]
    [InlineData("true && 'it''s' || 'no'", "it's")]
    [InlineData("1 == 2 || 2 == 3 && true", "false")]
    [InlineData("null == ''", "true")]
    [InlineData("'1' == 1", "true")]
    [InlineData("startsWith(github.ref, 'refs/heads/') && contains('a, b', 'B') && endsWith('x.yml', '.yml')", "true")]
    [InlineData("format('{0}-{1}', github.event_name, join(github.event.numbers, '+'))", "push-10+20")]
    [InlineData("toJSON(github.event.numbers)", "[10,20]")]
    public void ItComesTo(string expression, string value) =>
        Assert.Equal(value, ExpressionValue.Text(Value().Of(WorkflowExpression.Parse(expression))));

    [Theory]
    [InlineData("a == 'b", "cannot be understood")]
    [InlineData("(a == 'b'", "')' should be")]
    [InlineData("a == ", "a value should be")]
    [InlineData("a b", "the end should be")]
    [InlineData("a.[0]", "a name should be")]
    [InlineData("a & b", "cannot be understood")]
    public void ItIsNone(string text, string problem) => Assert.Contains(problem,
        Assert.Throws<FormatException>(() => WorkflowExpression.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void TextsMayHoldBraces() =>
        Assert.Equal("a }} b push", Value().Text("a ${{ '}}' }} b ${{github.event_name}}"));

    [Theory]
    [InlineData(null, false)]
    [InlineData("github.event_name == 'push'", false)]
    [InlineData("${{ always() && github.event_name == 'push' }}", true)]
    [InlineData("!cancelled()", true)]
    public void WhatComesBeforeMustHaveSucceededUnlessAConditionSaysOtherwise(string? condition, bool runs) =>
        Assert.Equal(runs, Value(succeeded: false).Condition(condition));

    [Fact]
    public void AContextThatIsNotThereIsAMistake() =>
        Assert.Throws<InvalidOperationException>(() => Value().Text("${{ matrix.service }}"));

    static ExpressionValue Value(bool succeeded = true) => new(s_contexts, new Dictionary<string, Func<bool>>
    {
        ["success"] = () => succeeded,
        ["always"] = () => true,
        ["cancelled"] = () => false,
        ["failure"] = () => !succeeded,
    });
}
