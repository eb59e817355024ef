using System.Text.Json;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// How the sender of a message authenticated. It is stored with the message, for the run that answers it. The sender's name and tenant are
/// in the task's owner, which all senders of a task share.
/// </summary>
/// <param name="Scheme">The scheme, as <c>A2A:Security:Identity</c> names it.</param>
internal sealed record Sender(string Scheme)
{
    /// <summary>An anonymous sender.</summary>
    public static Sender Anonymous { get; } = new(IdentitySchemes.NameOf(IdentityScheme.None));

    /// <summary>What the identity claims: a JSON object of at most 8 KiB, without the token. Null for none.</summary>
    public JsonElement? Claims { get; init; }

    /// <summary>The sender that has this identity; null for an anonymous one.</summary>
    internal static Sender Of(Identity? identity) =>
        identity is null ? Anonymous : new Sender(IdentitySchemes.NameOf(identity.Scheme)) { Claims = identity.Claims };

    /// <summary>The scheme, without the claims, which are not for logs.</summary>
    public override string ToString() => Scheme;
}
