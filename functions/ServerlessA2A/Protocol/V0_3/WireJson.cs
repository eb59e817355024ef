using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServerlessA2A.Protocol.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>JSON of 0.3. A process that never meets a client of 0.3 never builds it.</summary>
internal static class WireJson
{
    private static readonly JsonSerializerOptions Options = ProtocolJson.CreateOptions(WireContext.Default.Options, WireContext.Default);

    public static T Read<T>(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, Of<T>.Info);

    public static void Write<T>(Utf8JsonWriter writer, T value) => JsonSerializer.Serialize(writer, value, Of<T>.Info);

    private static class Of<T>
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}
