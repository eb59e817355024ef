namespace ServerlessA2A.Security;

/// <summary>
/// The kinds of keys that this process uses. A deployment gives each function only those, so other keys may be missing. Default: all;
/// register another instance before <c>AddServerlessA2A</c>.
/// </summary>
/// <param name="Signs">Whether this process signs cards or webhooks.</param>
/// <param name="Encrypts">Whether this process encrypts or decrypts credentials of webhooks or access tokens.</param>
/// <param name="Authenticates">Whether this process authenticates callers.</param>
internal sealed record KeyUse(bool Signs = true, bool Encrypts = true, bool Authenticates = true);
