namespace ServerlessA2A.Protocol.Keys;

/// <summary>A setting is not a valid key.</summary>
/// <param name="fault">The fault and the remedy, as they follow the setting's name; never anything of the key.</param>
internal sealed class KeyFaultException(string fault) : Exception(fault);
