using System.Net.Security;
using System.Text;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Tests.Webhooks.Addresses;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>A sender that may call this machine, where <c>hooks.example.com</c> is, unless a test says otherwise.</summary>
public sealed class WebhookCalls : IDisposable
{
    private readonly WebhookSender _sender;

    public WebhookCalls(
        Action<WebhookOptions>? configure = null, RemoteCertificateValidationCallback? validation = null,
        ScriptedHostAddresses? hosts = null)
    {
        var options = new WebhookOptions { AllowLoopback = true };
        configure?.Invoke(options);
        Hosts = hosts ?? new ScriptedHostAddresses().Add("hooks.example.com", "127.0.0.1");
        Guard = new AddressGuard(Options.Create(options), Hosts, Clock);
        _sender = new WebhookSender(Options.Create(options), Guard, Clock, validation, idleLimit: TimeSpan.FromHours(1));
    }

    public ManualTimeProvider Clock { get; } = new();

    public ScriptedHostAddresses Hosts { get; }

    internal AddressGuard Guard { get; }

    internal Task<WebhookAnswer> SendAsync(string url, params (string Name, string Value)[] headers) =>
        SendAsync(url, CancellationToken.None, headers);

    internal async Task<WebhookAnswer> SendAsync(
        string url, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        await SendAsync(
            new WebhookCall
            {
                Url = new Uri(url),
                Body = Encoding.UTF8.GetBytes("{\"a\":1}"),
                ContentType = "application/a2a+json",
                Headers = [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
            },
            cancellationToken);

    internal async Task<WebhookAnswer> SendAsync(WebhookCall call, CancellationToken cancellationToken) =>
        await _sender.SendAsync(call, cancellationToken).WithinLimit("the call ends");

    public void Dispose() => _sender.Dispose();
}
