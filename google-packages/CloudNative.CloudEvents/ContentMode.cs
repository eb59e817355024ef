namespace CloudNative.CloudEvents;

public enum ContentMode
{
    /// <summary>Attributes and data in the body.</summary>
    Structured,

    /// <summary>Attributes in headers, data in the body.</summary>
    Binary,
}
