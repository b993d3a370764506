using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OpenStack.Tests.Compat.Api;

/// <summary>
/// The public and protected surface of an assembly, one line per type and member: the form of <c>nuke-api.txt</c>,
/// without its lines for attributes.
/// </summary>
static class ApiListing
{
    static readonly SymbolDisplayFormat Name = SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>In ordinal order.</summary>
    public static IReadOnlyList<string> Of(string assemblyFile)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(x => !Path.GetFileName(x).Equals(Path.GetFileName(assemblyFile), StringComparison.Ordinal))
            .Select(x => MetadataReference.CreateFromFile(x));
        var reference = MetadataReference.CreateFromFile(assemblyFile);
        var compilation = CSharpCompilation.Create("Listing", references: [.. references, reference]);
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!;
        return TypesOf(assembly.GlobalNamespace)
            .Where(IsVisible)
            .SelectMany(LinesOf)
            .Order(StringComparer.Ordinal)
            .ToArray();
    }

    static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers())
        {
            if (member is INamedTypeSymbol type)
                yield return type;
            if (member is INamespaceOrTypeSymbol nested)
            {
                foreach (var inner in TypesOf(nested))
                    yield return inner;
            }
        }
    }

    static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected
            or Accessibility.ProtectedOrInternal
        && (symbol.ContainingType is null || IsVisible(symbol.ContainingType));

    static IEnumerable<string> LinesOf(INamedTypeSymbol type)
    {
        yield return $"T {NameOf(type)} : {KindOf(type)}";
        if (type.TypeKind == TypeKind.Delegate)
            yield break;
        foreach (var member in type.GetMembers().Where(IsVisible))
        {
            if (LineOf(member) is { } line)
                yield return line;
        }
    }

    static string? LineOf(ISymbol member) => member switch
    {
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum, HasConstantValue: true } value =>
            $"F {NameOf(value.ContainingType)}.{value.Name} = {value.ConstantValue}",
        IFieldSymbol field when field.ContainingType.TypeKind != TypeKind.Enum =>
            $"F {NameOf(field.ContainingType)}.{field.Name} : {NameOf(field.Type)} [{AccessOf(field)}"
            + $"{(field.IsConst ? " const" : field.IsStatic ? " static" : "")}{(field.IsReadOnly ? " readonly" : "")}]"
            + $"{(field.IsConst ? $" = {LiteralOf(field.ConstantValue, field.Type)}" : "")}",
        IPropertySymbol property => $"P {NameOf(property.ContainingType)}."
            + $"{(property.IsIndexer ? $"this[{ParametersOf(property.Parameters)}]" : property.Name)} : "
            + $"{NameOf(property.Type)} {{ {AccessorsOf(property)}}} [{ModifiersOf(property)}]",
        // Metadata do not tell whether this one was written.
        IMethodSymbol
        {
            MethodKind: MethodKind.Constructor,
            Parameters.IsEmpty: true,
            ContainingType: { IsValueType: true } or { IsAbstract: true }
        } => null,
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor =>
            $"C {NameOf(constructor.ContainingType)}..ctor({ParametersOf(constructor.Parameters)}) "
            + $"[{AccessOf(constructor)}]",
        IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator } op => $"O {NameOf(op.ContainingType)}.operator "
            + $"{OperatorOf(op)}({ParametersOf(op.Parameters)}) : {NameOf(op.ReturnType)}",
        IMethodSymbol { MethodKind: MethodKind.Conversion } conversion =>
            $"O {NameOf(conversion.ContainingType)}."
            + $"{(conversion.MetadataName == "op_Implicit" ? "implicit" : "explicit")} operator "
            + $"{NameOf(conversion.ReturnType)}({ParametersOf(conversion.Parameters)})",
        IMethodSymbol { MethodKind: MethodKind.Ordinary } method =>
            $"M {NameOf(method.ContainingType)}.{method.Name}{TypeParametersOf(method.TypeParameters)}("
            + $"{ParametersOf(method.Parameters, method.IsExtensionMethod)}) : {NameOf(method.ReturnType)} "
            + $"[{ModifiersOf(method)}{(method.IsExtensionMethod ? " extension" : "")}]"
            + $"{ConstraintsOf(method.TypeParameters)}",
        _ => null
    };

    static string KindOf(INamedTypeSymbol type)
    {
        if (type.DelegateInvokeMethod is { } invoke)
            return $"delegate {TypeParametersOf(type.TypeParameters)}({ParametersOf(invoke.Parameters)}) : "
                + $"{NameOf(invoke.ReturnType)}";
        var kind = type.TypeKind switch
        {
            TypeKind.Enum => "enum",
            TypeKind.Interface => "interface",
            TypeKind.Struct => type.IsRefLikeType ? "ref struct" : "struct",
            _ => type.IsStatic
                ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class"
        };
        var bases = BasesOf(type).Select(NameOf).ToArray();
        return type.TypeKind == TypeKind.Enum || bases.Length == 0 ? kind : $"{kind} : {string.Join(", ", bases)}";
    }

    // Interfaces that another base brings along are not listed.
    static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        var bases = new List<INamedTypeSymbol>();
        if (type.BaseType is { SpecialType: SpecialType.None } parent)
            bases.Add(parent);
        bases.AddRange(type.Interfaces.Where(x => x.Name != "IEquatable" && x.Name != "IEnumerable"));
        return bases.Where(x => !bases.Any(y => !SymbolEqualityComparer.Default.Equals(x, y)
            && y.AllInterfaces.Contains(x, SymbolEqualityComparer.Default)));
    }

    static string NameOf(ITypeSymbol type) => type.ToDisplayString(NullableFlowState.None, Name);

    static string ParametersOf(IEnumerable<IParameterSymbol> parameters, bool isExtension = false) =>
        string.Join(", ", parameters.Select((x, i) => (isExtension && i == 0 ? "this " : "") + ParameterOf(x)));

    static string ParameterOf(IParameterSymbol parameter)
    {
        var modifier = parameter.IsParams
            ? "params "
            : parameter.RefKind switch { RefKind.Out => "out ", RefKind.Ref => "ref ", _ => "" };
        var value = parameter.HasExplicitDefaultValue
            ? $" = {LiteralOf(parameter.ExplicitDefaultValue, parameter.Type)}"
            : "";
        return $"{modifier}{NameOf(parameter.Type)} {parameter.Name}{value}";
    }

    static string LiteralOf(object? value, ITypeSymbol type) => value switch
    {
        null => type.IsValueType && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T
            || type is ITypeParameterSymbol
            ? "default"
            : "null",
        bool flag => flag ? "true" : "false",
        string text => SymbolDisplay.FormatLiteral(text, quote: true),
        _ when type.TypeKind == TypeKind.Enum
            && type.GetMembers()
                .OfType<IFieldSymbol>()
                .FirstOrDefault(x => Equals(x.ConstantValue, value)) is { } member => $"{NameOf(type)}.{member.Name}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!
    };

    static string TypeParametersOf(IReadOnlyCollection<ITypeParameterSymbol> parameters) =>
        parameters.Count == 0 ? "" : $"<{string.Join(", ", parameters.Select(x => x.Name))}>";

    static string ConstraintsOf(IEnumerable<ITypeParameterSymbol> parameters) => string.Concat(parameters.Select(x =>
    {
        List<string> constraints = [];
        if (x.HasReferenceTypeConstraint)
            constraints.Add("class");
        if (x.HasValueTypeConstraint)
            constraints.Add("struct");
        constraints.AddRange(x.ConstraintTypes.Select(NameOf));
        if (x.HasConstructorConstraint)
            constraints.Add("new()");
        return constraints.Count == 0 ? "" : $" where {x.Name} : {string.Join(", ", constraints)}";
    }));

    static string AccessorsOf(IPropertySymbol property) =>
        (property.GetMethod is { } get && IsVisible(get) ? "get; " : "")
        + (property.SetMethod is { } set && IsVisible(set) ? set.IsInitOnly ? "init; " : "set; " : "");

    static string AccessOf(ISymbol symbol) => symbol.DeclaredAccessibility switch
    {
        Accessibility.Public => "public",
        Accessibility.Protected => "protected",
        _ => "protected internal"
    };

    static string ModifiersOf(ISymbol symbol)
    {
        var isInterface = symbol.ContainingType.TypeKind == TypeKind.Interface;
        var modifier = symbol.IsStatic ? " static"
            : symbol.IsOverride ? " override"
            : symbol.IsAbstract ? " abstract"
            : symbol.IsVirtual ? isInterface ? " default" : " virtual"
            : "";
        return AccessOf(symbol) + modifier;
    }

    static string OperatorOf(IMethodSymbol method) => method.MetadataName switch
    {
        "op_Equality" => "==",
        "op_Inequality" => "!=",
        "op_Addition" => "+",
        "op_Division" => "/",
        var name => name
    };
}
