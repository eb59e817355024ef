namespace CloudNative.CloudEvents;

public sealed class CloudEvent
{
    private readonly Dictionary<string, object> values = [];
    private readonly Dictionary<string, CloudEventAttribute> extensions = [];

    public CloudEvent() : this(CloudEventsSpecVersion.Default, null)
    {
    }

    public CloudEvent(CloudEventsSpecVersion specVersion) : this(specVersion, null)
    {
    }

    public CloudEvent(IEnumerable<CloudEventAttribute>? extensionAttributes) : this(CloudEventsSpecVersion.Default, extensionAttributes)
    {
    }

    public CloudEvent(CloudEventsSpecVersion specVersion, IEnumerable<CloudEventAttribute>? extensionAttributes)
    {
        ArgumentNullException.ThrowIfNull(specVersion);
        SpecVersion = specVersion;
        foreach (var extension in extensionAttributes ?? [])
        {
            if (!extension.IsExtension || specVersion.Find(extension.Name) is not null || !extensions.TryAdd(extension.Name, extension))
                throw new ArgumentException($"'{extension.Name}' cannot be used as an extension attribute", nameof(extensionAttributes));
        }
    }

    public CloudEventsSpecVersion SpecVersion { get; }

    public string? Id
    {
        get => (string?)this[SpecVersion.IdAttribute];
        set => this[SpecVersion.IdAttribute] = value;
    }

    public Uri? Source
    {
        get => (Uri?)this[SpecVersion.SourceAttribute];
        set => this[SpecVersion.SourceAttribute] = value;
    }

    public string? Type
    {
        get => (string?)this[SpecVersion.TypeAttribute];
        set => this[SpecVersion.TypeAttribute] = value;
    }

    public string? DataContentType
    {
        get => (string?)this[SpecVersion.DataContentTypeAttribute];
        set => this[SpecVersion.DataContentTypeAttribute] = value;
    }

    public Uri? DataSchema
    {
        get => (Uri?)this[SpecVersion.DataSchemaAttribute];
        set => this[SpecVersion.DataSchemaAttribute] = value;
    }

    public string? Subject
    {
        get => (string?)this[SpecVersion.SubjectAttribute];
        set => this[SpecVersion.SubjectAttribute] = value;
    }

    public DateTimeOffset? Time
    {
        get => (DateTimeOffset?)this[SpecVersion.TimeAttribute];
        set => this[SpecVersion.TimeAttribute] = value;
    }

    public object? Data { get; set; }

    public IEnumerable<CloudEventAttribute> ExtensionAttributes => extensions.Values;

    public bool IsValid => SpecVersion.RequiredAttributes.All(attribute => values.ContainsKey(attribute.Name));

    public object? this[CloudEventAttribute attribute]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(attribute);
            return values.GetValueOrDefault(attribute.Name);
        }
        set
        {
            ArgumentNullException.ThrowIfNull(attribute);
            var known = GetAttribute(attribute.Name);
            if (known is null && !attribute.IsExtension || known is not null && known.Type != attribute.Type)
                throw new ArgumentException($"This event has no attribute '{attribute.Name}' of type {attribute.Type}", nameof(attribute));
            if (known is null && value is not null)
                extensions.Add(attribute.Name, attribute);
            Put(known ?? attribute, value);
        }
    }

    public object? this[string attributeName]
    {
        get => values.GetValueOrDefault(attributeName);
        set
        {
            if (value is not null and not string && GetAttribute(attributeName) is null)
                throw new ArgumentException("An attribute that is not known beforehand takes a string only", nameof(value));
            Put(GetOrAddAttribute(attributeName), value);
        }
    }

    public CloudEventAttribute? GetAttribute(string name) =>
        SpecVersion.Find(name) ?? extensions.GetValueOrDefault(name);

    public void SetAttributeFromString(string name, string value)
    {
        var attribute = GetOrAddAttribute(name);
        values[attribute.Name] = attribute.Parse(value);
    }

    public IEnumerable<KeyValuePair<CloudEventAttribute, object>> GetPopulatedAttributes() =>
        from attribute in SpecVersion.AllAttributes.Concat(extensions.Values)
        where values.ContainsKey(attribute.Name)
        select KeyValuePair.Create(attribute, values[attribute.Name]);

    public CloudEvent Validate()
    {
        if (IsValid)
            return this;
        var missing = SpecVersion.RequiredAttributes.Where(attribute => !values.ContainsKey(attribute.Name));
        throw new InvalidOperationException($"Missing required attributes: {string.Join(", ", missing)}");
    }

    private CloudEventAttribute GetOrAddAttribute(string name)
    {
        if (name == CloudEventsSpecVersion.SpecVersionAttribute.Name)
            throw new ArgumentException("The spec version of an event cannot be changed", nameof(name));
        if (GetAttribute(name) is { } known)
            return known;
        return extensions[name] = CloudEventAttribute.CreateExtension(name, CloudEventAttributeType.String);
    }

    private void Put(CloudEventAttribute attribute, object? value)
    {
        if (value is null)
            values.Remove(attribute.Name);
        else
            values[attribute.Name] = attribute.Validate(value);
    }
}
