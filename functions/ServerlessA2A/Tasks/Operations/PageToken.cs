using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>
/// The token of a list's next page: the cursor, and a checksum over the cursor, the owner and the filters. A token that was changed,
/// belongs to another owner, or comes with other filters is rejected instead of returning a wrong page.
/// </summary>
internal static class PageToken
{
    private const int CheckLength = 16;

    public static string Write(TaskQuery query, TaskCursor cursor) => Write(
        ListOf(query),
        string.Create(CultureInfo.InvariantCulture, $"{cursor.StatusAt.UtcTicks} {cursor.ExpireAt.UtcTicks} {cursor.TaskId}"));

    /// <exception cref="A2AException">InvalidParams: the token was not issued for this list.</exception>
    public static TaskCursor Read(TaskQuery query, string token) =>
        Read(ListOf(query), token).Split(' ', 3) is [var statusAt, var expireAt, var taskId] &&
        TryRead(statusAt, out var status) && TryRead(expireAt, out var expiry) && TaskIds.IsPossible(taskId)
            ? new TaskCursor(status, expiry, taskId)
            : throw NotOfThisList();

    /// <summary>The token of a place in any list.</summary>
    /// <param name="list">What distinguishes the list from all others: its owner and its filters.</param>
    /// <param name="place">The place.</param>
    public static string Write(string list, string place)
    {
        var bytes = Encoding.UTF8.GetBytes(place);
        return Base64Url.EncodeToString([.. Check(list, bytes), .. bytes]);
    }

    /// <summary>The place that a token stands for.</summary>
    /// <exception cref="A2AException">InvalidParams: the token was not issued for this list.</exception>
    public static string Read(string list, string token)
    {
        var bytes = Decode(token);
        return bytes.Length > CheckLength &&
            CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, CheckLength), Check(list, bytes[CheckLength..]))
            ? Encoding.UTF8.GetString(bytes, CheckLength, bytes.Length - CheckLength)
            : throw NotOfThisList();
    }

    private static A2AException NotOfThisList() => A2AException.InvalidParams(
        "pageToken", "is not a token of this list; begin again without one, and keep the filters while paging");

    private static bool TryRead(string ticks, out DateTimeOffset moment)
    {
        var isTicks = long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) &&
            number <= DateTimeOffset.MaxValue.Ticks;
        moment = isTicks ? new DateTimeOffset(number, TimeSpan.Zero) : default;
        return isTicks;
    }

    private static byte[] Decode(string token)
    {
        try
        {
            // The decoder ignores white space and padding; a token has one spelling.
            var bytes = Base64Url.DecodeFromChars(token);
            return Base64Url.EncodeToString(bytes) == token ? bytes : [];
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static string ListOf(TaskQuery query) => string.Create(
        CultureInfo.InvariantCulture,
        $"{query.Owner.Length} {query.Owner} {query.ContextId?.Length} {query.ContextId} {query.State} {query.StatusSince?.UtcTicks} ");

    private static byte[] Check(string list, byte[] place) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(list), .. place])[..CheckLength];
}
