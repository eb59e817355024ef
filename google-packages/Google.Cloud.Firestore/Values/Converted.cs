using System.Collections;
using Google.Protobuf;
using Wkt = Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.Firestore;

/// <summary>Normalized values as the type that a caller asks for.</summary>
internal static class Converted
{
    public static T To<T>(object? value) => (T)ToType(value, typeof(T))!;

    /// <summary>A copy, so that whoever got it may change it.</summary>
    public static Dictionary<string, object?> Copy(IReadOnlyDictionary<string, object?> map) =>
        map.ToDictionary(entry => entry.Key, entry => ToType(entry.Value, typeof(object)));

    private static object? ToType(object? value, System.Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null when !type.IsValueType || target != type => null,
            Dictionary<string, object?> map => ToMap(map, target),
            List<object?> list => ToList(list, target),
            not null when target.IsInstanceOfType(value) => value,
            long number when target != typeof(bool) && target != typeof(char) && target.IsPrimitive => ToNumber(number, target),
            double number when target == typeof(float) => (float)number,
            Timestamp time when target == typeof(DateTime) => time.ToDateTime(),
            Timestamp time when target == typeof(DateTimeOffset) => time.ToDateTimeOffset(),
            Timestamp time when target == typeof(Wkt.Timestamp) => time.ToProto(),
            Blob blob when target == typeof(byte[]) => blob.ByteString.ToByteArray(),
            Blob blob when target == typeof(ByteString) => blob.ByteString,
            _ => throw No(value, type),
        };
    }

    // As Google's converters: a whole number where a fraction was meant, but not to the lesser of the two.
    private static object ToNumber(long number, System.Type target) =>
        target == typeof(float) ? throw No(number, target) : Convert.ChangeType(number, target, null);

    private static object ToMap(Dictionary<string, object?> map, System.Type target)
    {
        if (target.IsAssignableFrom(typeof(Dictionary<string, object?>)))
            return Copy(map);
        if (!target.IsGenericType || target.GetGenericTypeDefinition() != typeof(Dictionary<,>) || target.GetGenericArguments() is not [var key, var item] || key != typeof(string))
            throw No(map, target);
        var result = (IDictionary)Activator.CreateInstance(target)!;
        foreach (var (name, value) in map)
            result.Add(name, ToType(value, item));
        return result;
    }

    private static object ToList(List<object?> list, System.Type target)
    {
        if (target == typeof(object))
            target = typeof(List<object>);
        if (target is { IsArray: true } && target != typeof(byte[]))
        {
            var array = Array.CreateInstance(target.GetElementType()!, list.Count);
            for (var i = 0; i < list.Count; i++)
                array.SetValue(ToType(list[i], target.GetElementType()!), i);
            return array;
        }
        if (!target.IsGenericType || target.GetGenericTypeDefinition() != typeof(List<>))
            throw No(list, target);
        var result = (IList)Activator.CreateInstance(target)!;
        foreach (var value in list)
            result.Add(ToType(value, target.GetGenericArguments()[0]));
        return result;
    }

    private static ArgumentException No(object? value, System.Type type) => new($"Unable to convert {value?.GetType().Name ?? "null"} to {type}");
}
