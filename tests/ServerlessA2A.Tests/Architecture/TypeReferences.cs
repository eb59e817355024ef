using System.Reflection;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>
/// All types that a type knows: in its declaration, its members' signatures and attributes, and its methods' instructions.
/// </summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static IReadOnlySet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        Add(found, type.GetInterfaces());
        AddAttributes(found, type);
        Add(found, type.IsGenericTypeDefinition ? type.GetGenericArguments()
            .SelectMany(argument => argument.GetGenericParameterConstraints()) : []);
        foreach (var field in type.GetFields(Declared))
        {
            Add(found, field.FieldType);
            AddAttributes(found, field);
        }

        foreach (var property in type.GetProperties(Declared))
            AddAttributes(found, property);
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)))
            AddMethod(found, method);
        return found;
    }

    private static void AddMethod(HashSet<Type> found, MethodBase method)
    {
        Add(found, (method as MethodInfo)?.ReturnType);
        Add(found, method.GetParameters().Select(parameter => parameter.ParameterType));
        AddAttributes(found, method);
        var body = method.GetMethodBody();
        Add(found, body?.LocalVariables.Select(local => local.LocalType) ?? []);
        Add(found, body?.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
            .Select(clause => clause.CatchType) ?? []);
        foreach (var member in MethodBodies.MembersUsedBy(method))
        {
            Add(found, member as Type ?? member.DeclaringType);
            if (member is MethodInfo { IsGenericMethod: true } generic)
                Add(found, generic.GetGenericArguments());
        }
    }

    private static void AddAttributes(HashSet<Type> found, MemberInfo member)
    {
        foreach (var attribute in member.GetCustomAttributesData())
        {
            Add(found, attribute.AttributeType);
            Add(found, attribute.ConstructorArguments.Select(argument => argument.Value as Type));
        }
    }

    private static void Add(HashSet<Type> found, IEnumerable<Type?> types)
    {
        foreach (var type in types)
            Add(found, type);
    }

    private static void Add(HashSet<Type> found, Type? type)
    {
        while (type is { HasElementType: true })
            type = type.GetElementType();
        if (type is null || type.IsGenericParameter)
            return;
        Add(found, type.IsConstructedGenericType ? type.GetGenericArguments() : []);
        found.Add(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type);
    }
}
