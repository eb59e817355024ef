using ServerlessA2A.Tasks.Stored;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>Stored delivery attempts.</summary>
internal static class AttemptsJson
{
    public static ReadOnlyMemory<byte> Write(DeliveryAttempts attempts) => StoredJson.Write(json =>
    {
        json.WriteStartArray();
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, attempt.At);
            json.WriteNumber("seq"u8, attempt.Seq);
            json.WriteNumber("duration"u8, (long)attempt.Duration.TotalMilliseconds);
            json.WriteCount("status"u8, attempt.Status ?? 0);
            if (attempt.Error is not null)
                json.WriteString("error"u8, attempt.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static DeliveryAttempts Read(ReadOnlyMemory<byte> stored)
    {
        using var document = StoredJson.Parse(stored);
        return new(document.RootElement.EnumerateArray().Select(attempt => new DeliveryAttempt(
            attempt.GetProperty("at"u8).GetDateTimeOffset(),
            attempt.GetProperty("seq"u8).GetInt64(),
            TimeSpan.FromMilliseconds(attempt.GetProperty("duration"u8).GetInt64()))
        {
            Status = StoredJson.ReadCount(attempt, "status"u8) is > 0 and var status ? status : null,
            Error = attempt.TryGetProperty("error"u8, out var error) ? error.GetString() : null,
        }));
    }
}
