namespace CloudNative.CloudEvents;

public class CloudEventAttribute
{
    private readonly Action<object>? validator;

    private CloudEventAttribute(string name, CloudEventAttributeType type, bool required, bool extension, Action<object>? validator)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(type);
        if (name.FirstOrDefault(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)) is var invalid and not '\0')
            throw new ArgumentException($"Invalid character '{invalid}' in attribute name '{name}'", nameof(name));
        (Name, Type, IsRequired, IsExtension, this.validator) = (name, type, required, extension, validator);
    }

    public string Name { get; }

    public CloudEventAttributeType Type { get; }

    public bool IsRequired { get; }

    public bool IsExtension { get; }

    public static CloudEventAttribute CreateExtension(string name, CloudEventAttributeType type) =>
        CreateExtension(name, type, null);

    public static CloudEventAttribute CreateExtension(string name, CloudEventAttributeType type, Action<object>? validator) =>
        name == "specversion"
            ? throw new ArgumentException($"The attribute name '{name}' is reserved", nameof(name))
            : new(name, type, required: false, extension: true, validator);

    internal static CloudEventAttribute Create(string name, CloudEventAttributeType type, bool required, Action<object>? validator = null) =>
        new(name, type, required, extension: false, validator);

    public object Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        object value;
        try
        {
            value = Type.Parse(text);
        }
        catch (Exception e)
        {
            throw new ArgumentException($"Text for attribute '{Name}' is invalid: {e.Message}", nameof(text), e);
        }
        return Validate(value);
    }

    public string Format(object value) => Type.Format(Validate(value));

    public object Validate(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        try
        {
            Type.Validate(value);
            validator?.Invoke(value);
        }
        catch (Exception e)
        {
            throw new ArgumentException($"Value for attribute '{Name}' is invalid: {e.Message}", nameof(value), e);
        }
        return value;
    }

    public override string ToString() => Name;
}
