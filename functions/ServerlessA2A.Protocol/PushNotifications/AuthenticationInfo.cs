using System.Globalization;
using System.Text;

namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>How deliveries to a webhook are authenticated.</summary>
/// <remarks>A2A 1.0, section 4.3.2.</remarks>
public sealed record AuthenticationInfo
{
    /// <summary>An HTTP authentication scheme, such as Bearer.</summary>
    public required string Scheme { get; init; }

    /// <summary>The text after the scheme in the Authorization header.</summary>
    public string? Credentials { get; init; }

    /// <summary>For logs, without the credentials.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Scheme = {Scheme}, Credentials = {(Credentials is null ? "" : "…")}");
        return true;
    }
}
