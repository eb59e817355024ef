namespace ServerlessA2A.Security;

internal sealed class Authenticators
{
    public IReadOnlyList<IAuthenticator> All { get; } = [];
}
