using System.Globalization;
using System.Net.Http.Headers;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>The header <c>Retry-After</c>: seconds or a date (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(24);

    /// <summary>How long to wait, from none to a day; null where the answer doesn't say, or not in a way that can be understood.</summary>
    public static TimeSpan? Of(HttpResponseMessage answer, DateTimeOffset now)
    {
        if (!answer.Headers.NonValidated.TryGetValues("Retry-After", out var values) ||
            values.FirstOrDefault()?.Trim() is not { Length: > 0 } value)
            return null;
        if (!value.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return int.TryParse(value, CultureInfo.InvariantCulture, out var seconds) ? Clamp(TimeSpan.FromSeconds(seconds)) : Limit;
        return RetryConditionHeaderValue.TryParse(value, out var parsed) && parsed.Date is { } date ? Clamp(date - now) : null;
    }

    private static TimeSpan Clamp(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Limit ? Limit : wait;
}
