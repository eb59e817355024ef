using System.Globalization;
using System.Text;

namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>A webhook for a task's events.</summary>
/// <remarks>A2A 1.0, section 4.3.1.</remarks>
public sealed record TaskPushNotificationConfig
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; null for the default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The webhook's id, unique within its task; the server creates one if it is unset.</summary>
    public string? Id { get; init; }

    /// <summary>The task.</summary>
    public string? TaskId { get; init; }

    /// <summary>The address of the receiver.</summary>
    public required string Url { get; init; }

    /// <summary>Sent as X-A2A-Notification-Token, so that the receiver recognises the delivery.</summary>
    public string? Token { get; init; }

    /// <summary>How deliveries are authenticated.</summary>
    public AuthenticationInfo? Authentication { get; init; }

    /// <summary>For logs: without the token, and with only the host of the address, because the address may be a secret.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Tenant = {Tenant}, Id = {Id}, TaskId = {TaskId}, ");
        var address = Uri.TryCreate(Url, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}/…" : "no address";
        text.Append("Url = ").Append(address);
        text.Append(CultureInfo.InvariantCulture, $", Token = {(Token is null ? "" : "…")}, Authentication = {Authentication}");
        return true;
    }
}
