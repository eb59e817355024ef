using System.Reflection;

namespace Google.Cloud.Functions.Hosting;

/// <summary>Names a startup class for all functions of an assembly or for one function.</summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class, AllowMultiple = true)]
public class FunctionsStartupAttribute(Type startupType) : Attribute
{
    public Type StartupType { get; set; } = startupType;

    /// <summary>Lower ones come first; among equals, the type's full name decides.</summary>
    public int Order { get; set; }

    public static IEnumerable<Type> GetStartupTypes(Assembly assembly, Type? target)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var attributes = assembly.GetCustomAttributes<FunctionsStartupAttribute>()
            .Concat(target?.GetCustomAttributes<FunctionsStartupAttribute>(inherit: true) ?? []);
        return [.. attributes.OrderBy(attribute => attribute.Order)
            .ThenBy(attribute => attribute.StartupType.FullName)
            .Select(attribute => attribute.StartupType)];
    }
}
