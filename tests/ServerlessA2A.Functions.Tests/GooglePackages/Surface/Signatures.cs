using System.Reflection;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>What the list does not tell of a signature, but callers' code depends on.</summary>
internal static class Signatures
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    // Of FunctionTestBase.ExecuteHttpGetRequestAsync.
    private const string SampleUri = "sample-uri";

    /// <summary>Optional parameters whose default is not that of their type: in Google's packages it is, but for one.</summary>
    public static IEnumerable<string> DefaultsOf(Type type) =>
        from method in Methods(type)
        from parameter in method.GetParameters()
        where parameter.IsOptional && parameter.RawDefaultValue is not (null or 0 or false or SampleUri)
        select $"{ApiLines.Name(type)}.{method.Name}: {parameter.Name} = {parameter.RawDefaultValue}";

    /// <summary>
    /// Parameters with a type argument that may be null. Google's packages are not annotated: code that passes what IDictionary&lt;string,
    /// object?&gt; asks for would not be code that passes what IDictionary&lt;string, object&gt; does.
    /// </summary>
    public static IEnumerable<string> AnnotatedArgumentsOf(Type type)
    {
        var context = new NullabilityInfoContext();
        return from method in Methods(type)
               from parameter in method.GetParameters()
               where Arguments(context.Create(parameter))
                   .Any(argument => argument is { WriteState: NullabilityState.Nullable, Type.IsValueType: false })
               select $"{ApiLines.Name(type)}.{method.Name}: {parameter.Name}";
    }

    private static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared));

    private static IEnumerable<NullabilityInfo> Arguments(NullabilityInfo info) =>
        [.. info.GenericTypeArguments.SelectMany(argument => Arguments(argument).Prepend(argument)), .. info.ElementType is { } element
            ? Arguments(element).Prepend(element) : []];
}
