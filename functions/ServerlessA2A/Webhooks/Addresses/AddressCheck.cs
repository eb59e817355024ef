using System.Net;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>What the guard has found out about an address.</summary>
/// <param name="Fault">Why it may not be called; null where it may.</param>
/// <param name="IsPassing">Whether the fault may be gone at the next look: nothing was found, so that nothing was refused.</param>
/// <param name="Addresses">Where it leads: the only addresses that may be connected to.</param>
internal readonly record struct AddressCheck(string? Fault, bool IsPassing, IReadOnlyList<IPAddress> Addresses)
{
    public static AddressCheck Allowed(IReadOnlyList<IPAddress> addresses) => new(null, false, addresses);

    public static AddressCheck Refused(string fault) => new(fault, false, []);

    public static AddressCheck NotFound(string fault) => new(fault, true, []);
}
