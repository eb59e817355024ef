using System.Reflection;
using System.Text;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>An assembly's public surface as text, a line for each member: what a user's code may depend on.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Declaration(type)).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Declaration(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsSubclassOf(typeof(Delegate)) ? "delegate"
            : type.IsValueType ? "struct" : IsRecord(type) ? "record" : "class";
        var modifier = type is { IsAbstract: true, IsSealed: true } ? "static " : type is { IsAbstract: true, IsInterface: false }
            ? "abstract "
            : type is { IsSealed: true, IsValueType: false } && kind != "delegate" ? "sealed " : "";
        var inherited = type.IsInterface || type.IsEnum ? [] : new[] { type.BaseType }
            .Where(one => one is not null && one != typeof(object) && one != typeof(ValueType) && one != typeof(MulticastDelegate))
            .Select(one => Name(one!));
        var interfaces = type.GetInterfaces()
            .Where(one => one.IsPublic && !(one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEquatable<>)) && !type.IsEnum &&
                type.BaseType?.GetInterfaces().Contains(one) != true && kind != "delegate")
            .Select(Name).Order(StringComparer.Ordinal);
        var bases = string.Join(", ", inherited.Concat(interfaces));
        return $"{modifier}{kind} {FullName(type)}{(bases.Length > 0 ? " : " + bases : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        var fields = type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily)
            .Select(field =>
                $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} " +
                $"{field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}");
        var properties = type.GetProperties(Declared)
            .Where(property => property.GetAccessors(true).Any(IsVisible) && property.Name != "EqualityContract")
            .Select(Property);
        var constructors = type.GetConstructors(Declared).Where(one => IsVisible(one) && !one.IsStatic)
            .Select(one => $"{Access(one)}ctor({Parameters(one)})");
        var methods = type.GetMethods(Declared).Where(one => IsVisible(one) && !one.IsSpecialName && !IsCompilers(type, one))
            .Select(one =>
                $"{Access(one)}{(one.IsStatic ? "static " : "")}{Name(one.ReturnType)} {one.Name}{Generics(one)}({Parameters(one)})");
        return fields.Concat(properties).Concat(constructors).Concat(methods);
    }

    private static string Property(PropertyInfo property)
    {
        var (get, set) = (property.GetMethod, property.SetMethod);
        var required = property.GetCustomAttributesData().Any(one => one.AttributeType.Name == "RequiredMemberAttribute") ? "required "
            : "";
        var isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Any(one => one.Name == "IsExternalInit") == true;
        var setter = set is null || !IsVisible(set) ? "" : isInit ? " init;" : " set;";
        var optional = Nullability.Create(property).ReadState == NullabilityState.Nullable && !property.PropertyType.IsValueType ? "?" : "";
        var modifier = (get ?? set)!.IsStatic ? "static " : "";
        return $"{required}{modifier}{Name(property.PropertyType)}{optional} {property.Name} " +
            $"{{{(get is not null && IsVisible(get) ? " get;" : "")}{setter} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var optional = !parameter.ParameterType.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.Nullable ? "?"
            : "";
        return $"{Name(parameter.ParameterType)}{optional} " +
            $"{parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")}";
    }));

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    /// <summary>What every record has.</summary>
    private static bool IsCompilers(Type type, MethodInfo method) => IsRecord(type) &&
        method.Name is "<Clone>$" or "Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "Deconstruct";

    private static string FullName(Type type) => type.Namespace + "." + Name(type);

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return "ref " + Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";
        var outer = type is { IsNested: true, IsGenericParameter: false } ? Name(type.DeclaringType!) + "." : "";
        return outer + (type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name);
    }
}
