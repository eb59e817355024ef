using System.Globalization;
using System.Text;

namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>A webhook for a task's events.</summary>
/// <remarks>A2A 1.0, section 4.3.1.</remarks>
public sealed record TaskPushNotificationConfig
{
    /// <summary>The tenant, taken from the path in HTTP+JSON; unset for the default one.</summary>
    public string? Tenant { get; init; }

    /// <summary>The configuration's id, unique within its task; made by the server where unset.</summary>
    public string? Id { get; init; }

    /// <summary>The task.</summary>
    public string? TaskId { get; init; }

    /// <summary>The address that is called.</summary>
    public required string Url { get; init; }

    /// <summary>Sent along as X-A2A-Notification-Token, so that the receiver knows the call.</summary>
    public string? Token { get; init; }

    /// <summary>How the call is authenticated.</summary>
    public AuthenticationInfo? Authentication { get; init; }

    /// <summary>For logs: without the token, and of the address, which may be a secret itself, only the host.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Tenant = {Tenant}, Id = {Id}, TaskId = {TaskId}, ");
        text.Append("Url = ").Append(Uri.TryCreate(Url, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}/…" : "no address");
        text.Append(CultureInfo.InvariantCulture, $", Token = {(Token is null ? "" : "…")}, Authentication = {Authentication}");
        return true;
    }
}
