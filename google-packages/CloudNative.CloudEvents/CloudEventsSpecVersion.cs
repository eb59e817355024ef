using System.Net.Mime;

namespace CloudNative.CloudEvents;

public sealed class CloudEventsSpecVersion
{
    private CloudEventsSpecVersion(string versionId)
    {
        VersionId = versionId;
        AllAttributes = [IdAttribute, SourceAttribute, TypeAttribute, DataContentTypeAttribute, DataSchemaAttribute, SubjectAttribute, TimeAttribute];
        RequiredAttributes = [.. AllAttributes.Where(attribute => attribute.IsRequired)];
        OptionalAttributes = [.. AllAttributes.Where(attribute => !attribute.IsRequired)];
    }

    public static CloudEventAttribute SpecVersionAttribute { get; } =
        CloudEventAttribute.Create("specversion", CloudEventAttributeType.String, required: true, NotEmpty);

    public static CloudEventsSpecVersion V1_0 { get; } = new("1.0");

    public static CloudEventsSpecVersion Default => V1_0;

    public string VersionId { get; }

    public CloudEventAttribute IdAttribute { get; } = CloudEventAttribute.Create("id", CloudEventAttributeType.String, required: true, NotEmpty);

    public CloudEventAttribute SourceAttribute { get; } = CloudEventAttribute.Create("source", CloudEventAttributeType.UriReference, required: true);

    public CloudEventAttribute TypeAttribute { get; } = CloudEventAttribute.Create("type", CloudEventAttributeType.String, required: true, NotEmpty);

    public CloudEventAttribute DataContentTypeAttribute { get; } =
        CloudEventAttribute.Create("datacontenttype", CloudEventAttributeType.String, required: false, value => _ = new ContentType((string)value));

    public CloudEventAttribute DataSchemaAttribute { get; } = CloudEventAttribute.Create("dataschema", CloudEventAttributeType.Uri, required: false);

    public CloudEventAttribute SubjectAttribute { get; } = CloudEventAttribute.Create("subject", CloudEventAttributeType.String, required: false, NotEmpty);

    public CloudEventAttribute TimeAttribute { get; } = CloudEventAttribute.Create("time", CloudEventAttributeType.Timestamp, required: false);

    public IEnumerable<CloudEventAttribute> AllAttributes { get; }

    public IEnumerable<CloudEventAttribute> RequiredAttributes { get; }

    public IEnumerable<CloudEventAttribute> OptionalAttributes { get; }

    public static CloudEventsSpecVersion? FromVersionId(string? versionId) => versionId == V1_0.VersionId ? V1_0 : null;

    internal CloudEventAttribute? Find(string name) => AllAttributes.FirstOrDefault(attribute => attribute.Name == name);

    private static void NotEmpty(object value)
    {
        if (value is "")
            throw new ArgumentException("Value must be non-empty");
    }
}
