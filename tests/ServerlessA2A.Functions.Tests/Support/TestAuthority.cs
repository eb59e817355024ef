using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>
/// Issues certificates for this machine. Processes trust it that are started with its <see cref="Trust"/>, and no others.
/// </summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset Until = DateTimeOffset.UtcNow.AddDays(1);

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"authority-{Guid.NewGuid():N}.pem");

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = request.CreateSelfSigned(From, Until);
        File.WriteAllText(_file, authority.ExportCertificatePem());
        Loopback = Issue(authority);
    }

    /// <summary>What 127.0.0.1 and localhost show.</summary>
    public X509Certificate2 Loopback { get; }

    /// <summary>The environment variable by which .NET on Linux trusts this authority, in the place of the system's.</summary>
    public (string Name, string Value) Trust => ("SSL_CERT_FILE", _file);

    public void Dispose()
    {
        Loopback.Dispose();
        File.Delete(_file);
    }

    private static X509Certificate2 Issue(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, From, authority.NotAfter, [1, 2, 3, 4]);
        return certificate.CopyWithPrivateKey(key);
    }
}
