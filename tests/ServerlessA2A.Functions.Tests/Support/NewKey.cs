using System.Security.Cryptography;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>Keys to sign with, each a line in an environment variable, as many deployments write it.</summary>
internal static class NewKey
{
    public static string Ec()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Escape(key.ExportPkcs8PrivateKeyPem());
    }

    public static string Rsa()
    {
        using var key = RSA.Create(2048);
        return Escape(key.ExportRSAPrivateKeyPem());
    }

    /// <summary>A key in such a line.</summary>
    public static string Escape(string pem) => pem.Replace("\n", "\\n", StringComparison.Ordinal);
}
