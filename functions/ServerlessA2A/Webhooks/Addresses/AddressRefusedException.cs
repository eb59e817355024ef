namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>A connection was not made because of what the guard found out.</summary>
internal sealed class AddressRefusedException(AddressCheck check) : Exception(check.Fault)
{
    /// <summary>Whether the next try may succeed.</summary>
    public bool IsPassing => check.IsPassing;
}
