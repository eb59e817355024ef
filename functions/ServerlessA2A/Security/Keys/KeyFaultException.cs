namespace ServerlessA2A.Security.Keys;

/// <summary>A setting is not the key that it should be.</summary>
/// <param name="fault">What is wrong and what to do, as it follows the setting's name; never anything of the key.</param>
internal sealed class KeyFaultException(string fault) : Exception(fault);
