using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Tests.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

public sealed class WebhookSenderTlsTests : IDisposable
{
    private const string Host = "hooks.example.com";

    private readonly X509Certificate2 _certificate = TestCertificates.SelfSigned(Host);

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    [InlineData(HttpProtocols.Http2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    public async Task ACallGoesOverTheBestProtocolThatTheReceiverHas(HttpProtocols protocols, string expected)
    {
        await using var receiver = await TlsReceiver.StartAsync(_certificate, protocols);
        using var calls = new WebhookCalls(validation: IsTheTests);

        for (var i = 0; i < 2; i++)
            Assert.Equal(new WebhookAnswer { Status = 200 }, await calls.SendAsync(receiver.Url(Host)));

        Assert.Equal([(expected, Host), (expected, Host)], receiver.Requests);
        Assert.Single(calls.Hosts.Asked);
    }

    [Fact]
    public async Task ACertificateThatNobodyTrustsIsAFault()
    {
        await using var receiver = await TlsReceiver.StartAsync(_certificate, HttpProtocols.Http1AndHttp2);
        using var calls = new WebhookCalls();

        var answer = await calls.SendAsync(receiver.Url(Host));

        Assert.StartsWith("TLS failed: The remote certificate", answer.Fault, StringComparison.Ordinal);
        Assert.False(answer.IsRefused);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task TheCertificateIsHeldAgainstTheNameAndNotTheAddress()
    {
        await using var receiver = await TlsReceiver.StartAsync(_certificate, HttpProtocols.Http1AndHttp2);
        using var calls = new WebhookCalls(
            validation: IsTheTests, hosts: new ScriptedHostAddresses().Add("other.example.com", "127.0.0.1"));

        Assert.StartsWith("TLS failed: ", (await calls.SendAsync(receiver.Url("other.example.com"))).Fault, StringComparison.Ordinal);
        Assert.StartsWith("TLS failed: ", (await calls.SendAsync(receiver.Url("127.0.0.1"))).Fault, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task AReceiverWithoutTlsIsAFault()
    {
        await using var receiver = SocketReceiver.Start(connection => connection.WriteAsync("HTTP/1.1 400 No TLS\r\n\r\n"));
        using var calls = new WebhookCalls();

        var answer = await calls.SendAsync($"https://{Host}:{receiver.Port}/");

        Assert.StartsWith("TLS failed: ", answer.Fault, StringComparison.Ordinal);
        Assert.False(answer.IsRefused);
    }

    [Fact]
    public async Task AReceiversCertificateSendsNobodyAnywhere()
    {
        await using var issuer = SocketReceiver.Start(_ => Task.CompletedTask);
        using var certificate = TestCertificates.OfIssuerAt(Host, issuer.Url("127.0.0.1"));
        var ended = new TaskCompletionSource();
        await using var receiver = SocketReceiver.Start(connection => connection.AuthenticateAsync(certificate, ended));
        using var calls = new WebhookCalls();

        Assert.StartsWith(
            "TLS failed: The remote certificate", (await calls.SendAsync($"https://{Host}:{receiver.Port}/")).Fault,
            StringComparison.Ordinal);
        await ended.Task.WithinLimit("the certificate is refused");
        Assert.Equal(0, issuer.Connections);

        // It is a certificate that would send those elsewhere who are less careful.
        using var chain = new X509Chain();
        chain.Build(certificate);
        Assert.NotEqual(0, issuer.Connections);
    }

    private bool IsTheTests(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.RemoteCertificateChainErrors && _certificate.Equals(certificate);
}
