using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ServerlessA2A.Security.Authentication;

/// <summary>Authenticates callers by API keys.</summary>
internal sealed class ApiKeyAuthenticator(IOptions<SecurityOptions> options) : IAuthenticator
{
    private readonly string _header = options.Value.ApiKeys.Header;
    private readonly ApiKeyHash[] _keys = [.. options.Value.ApiKeys.Hashes.Select(ApiKeyHash.Parse).OfType<ApiKeyHash>()];

    /// <inheritdoc/>
    public IdentityScheme Scheme => IdentityScheme.ApiKey;

    /// <inheritdoc/>
    public string Challenge => $"ApiKey header=\"{_header}\"";

    /// <inheritdoc/>
    public ValueTask<Identity?> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Authenticate(request));

    private Identity? Authenticate(HttpRequest request)
    {
        var values = request.Headers[_header];
        if (values.Count == 0)
            return null;
        if (values is not [{ } key])
            throw new AuthenticationException($"The header {_header} occurs several times.");
        return Find(SHA256.HashData(Encoding.UTF8.GetBytes(key))) is { } known
            ? new Identity(known.Caller) { Authority = "api-key" }
            : throw new AuthenticationException($"The key in {_header} is unknown.");
    }

    /// <summary>Compares with every hash, each in constant time, so that the duration does not reveal how close a key is.</summary>
    private ApiKeyHash? Find(ReadOnlySpan<byte> hash)
    {
        ApiKeyHash? found = null;
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash))
                found = key;
        }

        return found;
    }
}
