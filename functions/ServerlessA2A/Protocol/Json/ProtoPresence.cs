using System.Collections;
using System.Text.Json.Serialization.Metadata;

namespace ServerlessA2A.Protocol.Json;

/// <summary>What proto3 says about set and unset fields, which the serializer's attributes cannot.</summary>
internal static class ProtoPresence
{
    /// <summary>Runs once for each type, when it is first used.</summary>
    public static void Apply(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            // What is missing is for RequestValidation to say: all of it at once and in words for the client.
            var required = property.IsRequired;
            property.IsRequired = false;
            if (required) continue;

            if (property.PropertyType == typeof(string) && property.CustomConverter is null && !HasPresence(property.Name))
            {
                property.CustomConverter = StringConverter.Instance;
                property.ShouldSerialize = static (_, value) => value is string { Length: > 0 };
            }
            else if (property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable)))
            {
                property.ShouldSerialize = static (_, value) => value is not null && !IsEmpty(value);
            }
        }
    }

    /// <summary>Members of a oneof (part) and fields marked <c>optional</c> in a2a.proto (card): "" is a value there.</summary>
    private static bool HasPresence(string name) => name is "text" or "url" or "documentationUrl" or "iconUrl";

    private static bool IsEmpty(object value)
    {
        if (value is ICollection collection) return collection.Count == 0;
        var items = ((IEnumerable)value).GetEnumerator();
        using (items as IDisposable) return !items.MoveNext();
    }
}
