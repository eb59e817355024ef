using System.Net.Mime;
using System.Text;

namespace CloudNative.CloudEvents;

internal static class MediaTypes
{
    public const string CloudEvent = "application/cloudevents";
    public const string Json = "application/json";

    public static bool IsCloudEvent(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(CloudEvent, StringComparison.OrdinalIgnoreCase)
        && !contentType.StartsWith(CloudEvent + "-batch", StringComparison.OrdinalIgnoreCase);

    public static Encoding EncodingOf(ContentType? contentType) =>
        contentType?.CharSet is { } charSet ? Encoding.GetEncoding(charSet) : Encoding.UTF8;
}
