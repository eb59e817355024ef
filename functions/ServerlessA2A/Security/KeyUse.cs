namespace ServerlessA2A.Security;

/// <summary>
/// Which keys this process uses. A deployment hands each function only those, so a key that is not used may be missing. All of them unless
/// another one is registered before <c>AddServerlessA2A</c>.
/// </summary>
/// <param name="Signs">Whether cards or webhooks are signed here.</param>
/// <param name="Encrypts">Whether credentials of webhooks or access tokens are encrypted or decrypted here.</param>
/// <param name="Authenticates">Whether callers are authenticated here.</param>
internal sealed record KeyUse(bool Signs = true, bool Encrypts = true, bool Authenticates = true);
