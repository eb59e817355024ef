using System.Globalization;

namespace CloudNative.CloudEvents;

/// <summary>The types of the CloudEvents specification, section "Type System", with their canonical strings.</summary>
public abstract class CloudEventAttributeType
{
    private CloudEventAttributeType(string name, Type clrType) => (Name, ClrType) = (name, clrType);

    public static CloudEventAttributeType Boolean { get; } = new Of<bool>("Boolean",
        text => text is "true" || (text is "false" ? false : throw new FormatException("Neither true nor false")),
        value => value ? "true" : "false");

    public static CloudEventAttributeType Integer { get; } = new Of<int>("Integer",
        text => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        value => value.ToString(CultureInfo.InvariantCulture));

    public static CloudEventAttributeType String { get; } = new Of<string>("String", text => text, value => value, CheckCharacters);

    public static CloudEventAttributeType Binary { get; } = new Of<byte[]>("Binary", Convert.FromBase64String, Convert.ToBase64String);

    public static CloudEventAttributeType Uri { get; } = new Of<Uri>("URI",
        text => text.StartsWith('/') ? throw new UriFormatException("Not an absolute URI") : new Uri(text, UriKind.Absolute),
        value => value.OriginalString,
        value => _ = value.IsAbsoluteUri ? true : throw new ArgumentException("Not an absolute URI"));

    public static CloudEventAttributeType UriReference { get; } = new Of<Uri>("URI-Reference",
        text => new Uri(text, UriKind.RelativeOrAbsolute),
        value => value.OriginalString);

    public static CloudEventAttributeType Timestamp { get; } = new Of<DateTimeOffset>("Timestamp", Timestamps.Parse, Timestamps.Format);

    public string Name { get; }

    public Type ClrType { get; }

    public abstract object Parse(string text);

    public abstract string Format(object value);

    public abstract void Validate(object value);

    public override string ToString() => Name;

    private static void CheckCharacters(string value)
    {
        foreach (var c in value)
        {
            if (char.IsControl(c))
                throw new ArgumentException($"Control character U+{(int)c:x4} is not permitted");
        }
        foreach (var rune in value.EnumerateRunes())
        {
            // Also what a lone surrogate is read as; the specification forbids both.
            if (rune.Value is 0xfffd or >= 0xfdd0 and <= 0xfdef || (rune.Value & 0xfffe) == 0xfffe)
                throw new ArgumentException($"Character U+{rune.Value:x4} is not permitted");
        }
    }

    private sealed class Of<T>(string name, Func<string, T> parse, Func<T, string> format, Action<T>? validate = null)
        : CloudEventAttributeType(name, typeof(T)) where T : notnull
    {
        public override object Parse(string text) => parse(text);

        public override string Format(object value)
        {
            Validate(value);
            return format((T)value);
        }

        public override void Validate(object value)
        {
            if (value is not T typed)
                throw new ArgumentException($"A value of type {value.GetType()} is not a {typeof(T)}", nameof(value));
            validate?.Invoke(typed);
        }
    }
}
