using System.Reflection;

namespace CloudNative.CloudEvents;

/// <summary>Names the formatter for the type it stands on, which must fill <see cref="CloudEvent.Data"/> with that type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Struct)]
public sealed class CloudEventFormatterAttribute(Type formatterType) : Attribute
{
    public Type FormatterType { get; } = formatterType;

    public static CloudEventFormatter? CreateFormatter(Type targetType)
    {
        ArgumentNullException.ThrowIfNull(targetType);
        if (targetType.GetCustomAttribute<CloudEventFormatterAttribute>(inherit: true) is not { } attribute)
            return null;
        if (attribute.FormatterType is not { } formatterType)
            throw new ArgumentException($"The {nameof(CloudEventFormatterAttribute)} on type {targetType} has no formatter type.", nameof(targetType));
        object? formatter;
        try
        {
            formatter = Activator.CreateInstance(formatterType);
        }
        catch (Exception e)
        {
            throw new ArgumentException($"Unable to create CloudEvent formatter for target type {targetType}", nameof(targetType), e);
        }
        return formatter as CloudEventFormatter
            ?? throw new ArgumentException($"CloudEventFormatter type {formatterType} does not derive from {nameof(CloudEventFormatter)}.", nameof(targetType));
    }
}
