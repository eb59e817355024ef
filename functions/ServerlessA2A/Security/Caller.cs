using System.Globalization;

namespace ServerlessA2A.Security;

/// <summary>Who calls. Every read, list and write of a task is bound to its <see cref="Owner"/>.</summary>
/// <param name="Tenant">The tenant named by the path or the request; empty for the default one.</param>
/// <param name="Name">The caller's identity; empty for an anonymous one.</param>
public sealed record Caller(string Tenant, string Name)
{
    /// <summary>The anonymous caller of the default tenant.</summary>
    public static Caller Anonymous { get; } = new("", "");

    /// <summary>Whether nobody knows who calls. All anonymous callers of a tenant are one owner.</summary>
    public bool IsAnonymous => Name.Length == 0;

    /// <summary>The caller that has an <see cref="Owner"/>.</summary>
    internal static Caller Read(string owner)
    {
        var colon = owner.IndexOf(':', StringComparison.Ordinal);
        var end = colon + 1 + int.Parse(owner.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture);
        return new Caller(owner[(colon + 1)..end], owner[(end + 1)..]);
    }

    /// <summary>Whose the tasks are: tenant and caller together. The length goes first, so that no tenant can spell another's owner.</summary>
    public string Owner => $"{Tenant.Length}:{Tenant}:{Name}";
}
