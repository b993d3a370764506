using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpenStack.Tests.Workflows;

/// <summary>An expression of a workflow (docs.github.com, "Evaluate expressions in workflows and actions").</summary>
abstract record WorkflowExpression
{
    /// <summary>A number, a text, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    public sealed record Literal(JsonNode? Value) : WorkflowExpression;

    /// <summary><c>github</c>, <c>matrix</c> and the like.</summary>
    public sealed record Context(string Name) : WorkflowExpression;

    /// <summary>What an object has under a name, or a list at a number.</summary>
    public sealed record Member(WorkflowExpression Of, WorkflowExpression Key) : WorkflowExpression;

    public sealed record Call(string Function, IReadOnlyList<WorkflowExpression> Arguments) : WorkflowExpression;

    public sealed record Not(WorkflowExpression Of) : WorkflowExpression;

    public sealed record Binary(string Operator, WorkflowExpression Left, WorkflowExpression Right)
        : WorkflowExpression;

    /// <summary>This one and all that it is made of.</summary>
    public IEnumerable<WorkflowExpression> All => this switch
    {
        Member x => [x, .. x.Of.All, .. x.Key.All],
        Call x => [x, .. x.Arguments.SelectMany(y => y.All)],
        Not x => [x, .. x.Of.All],
        Binary x => [x, .. x.Left.All, .. x.Right.All],
        _ => [this],
    };

    /// <summary>
    /// The context and the names below it, <c>needs plan outputs bases</c>; null where it is no such path.
    /// </summary>
    public IReadOnlyList<string>? Path => this switch
    {
        Context x => [x.Name],
        Member { Key: Literal { Value: { } name } } x when x.Of.Path is { } of => [.. of, name.ToString()],
        _ => null,
    };

    /// <exception cref="FormatException">It is none; says where.</exception>
    public static WorkflowExpression Parse(string text) => new ExpressionParser(text).Parse();
}

/// <summary>By recursive descent: or, and, equality, order, not, access.</summary>
sealed partial class ExpressionParser(string text)
{
    /// <summary>What binds loosest comes first.</summary>
    static readonly string[][] s_operators = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"]];

    readonly List<(string Text, int At)> _tokens = [];
    int _next;

    string Token => _next < _tokens.Count ? _tokens[_next].Text : "";

    public WorkflowExpression Parse()
    {
        for (var at = 0; at < text.Length;)
        {
            var match = Tokens().Match(text, at);
            if (!match.Success) throw new FormatException($"'{text}' cannot be understood from '{text[at..]}' on");
            if (match.Value.Trim().Length > 0) _tokens.Add((match.Value, at));
            at += match.Length;
        }

        var expression = Operators(0);
        return Token.Length == 0 ? expression : throw Unexpected("the end");
    }

    WorkflowExpression Operators(int level)
    {
        if (level == s_operators.Length) return Unary();
        var left = Operators(level + 1);
        while (s_operators[level].Contains(Token))
            left = new WorkflowExpression.Binary(Take(), left, Operators(level + 1));
        return left;
    }

    WorkflowExpression Unary()
    {
        if (Token != "!") return Access();
        Take();
        return new WorkflowExpression.Not(Unary());
    }

    WorkflowExpression Access()
    {
        var expression = Primary();
        while (Token is "." or "[")
        {
            if (Take() == ".")
            {
                expression = new WorkflowExpression.Member(expression,
                    new WorkflowExpression.Literal(IsName(Token) || Token == "*"
                        ? Take()
                        : throw Unexpected("a name")));
                continue;
            }

            expression = new WorkflowExpression.Member(expression, Operators(0));
            Expect("]");
        }

        return expression;
    }

    WorkflowExpression Primary()
    {
        if (Token == "(")
        {
            Take();
            var inner = Operators(0);
            Expect(")");
            return inner;
        }

        if (Token.StartsWith('\''))
            return new WorkflowExpression.Literal(Take()[1..^1].Replace("''", "'", StringComparison.Ordinal));
        if (double.TryParse(Token, CultureInfo.InvariantCulture, out var number))
        {
            Take();
            return new WorkflowExpression.Literal(number);
        }

        if (!IsName(Token)) throw Unexpected("a value");
        var name = Take();
        return Token == "(" ? new WorkflowExpression.Call(name, Arguments()) : name switch
        {
            "true" => new WorkflowExpression.Literal(true),
            "false" => new WorkflowExpression.Literal(false),
            "null" => new WorkflowExpression.Literal(null),
            _ => new WorkflowExpression.Context(name),
        };
    }

    List<WorkflowExpression> Arguments()
    {
        Expect("(");
        var arguments = new List<WorkflowExpression>();
        while (Token != ")")
        {
            if (arguments.Count > 0) Expect(",");
            arguments.Add(Operators(0));
        }

        Expect(")");
        return arguments;
    }

    string Take() => _tokens[_next++].Text;

    void Expect(string token)
    {
        if (Token != token) throw Unexpected($"'{token}'");
        _next++;
    }

    FormatException Unexpected(string wanted) =>
        new($"'{text.Trim()}': there is {(Token.Length == 0 ? "the end" : $"'{Token}'")} where {wanted} should be");

    static bool IsName(string token) => Name().IsMatch(token);

    [GeneratedRegex(
        @"\G(?:\s+|'(?:[^']|'')*'|\|\||&&|==|!=|<=|>=|[<>!().,\[\]*]|-?[0-9]+(?:\.[0-9]+)?|[A-Za-z_][A-Za-z0-9_-]*)")]
    private static partial Regex Tokens();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]*\z")]
    private static partial Regex Name();
}
