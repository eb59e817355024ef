using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>A connection as its receiver sees it.</summary>
public sealed class ReceivedConnection(NetworkStream stream, CancellationToken stopping)
{
    /// <summary>The next request as it came, with its body; null when the sender has closed.</summary>
    public async Task<string?> ReadRequestAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        while (!IsWhole(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer, stopping);
            if (read == 0)
                return null;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>
    /// Shows a certificate, with nothing that the runtime would add to it, and tells when the sender has ended the handshake.
    /// </summary>
    public async Task AuthenticateAsync(X509Certificate2 certificate, TaskCompletionSource isEnded)
    {
        await using var tls = new SslStream(stream);
        try
        {
            var context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, stopping);
            await tls.ReadExactlyAsync(new byte[1], stopping);
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            isEnded.TrySetResult();
        }
    }

    public async Task WriteAsync(string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), stopping);

    /// <summary>Writes on and on, and tells when the sender has closed the connection.</summary>
    public async Task WriteUntilClosedAsync(string text, TaskCompletionSource isClosed)
    {
        try
        {
            while (true)
                await WriteAsync(text);
        }
        catch (IOException)
        {
            isClosed.TrySetResult();
        }
    }

    /// <summary>Says nothing until the sender has closed the connection.</summary>
    public async Task WaitUntilClosedAsync(TaskCompletionSource isClosed)
    {
        try
        {
            while (await stream.ReadAsync(new byte[1024], stopping) > 0)
            {
                // What else it says is of no interest.
            }
        }
        catch (IOException)
        {
            // Closed with a reset.
        }

        isClosed.TrySetResult();
    }

    private static bool IsWhole(string text)
    {
        const string Length = "Content-Length: ";
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return false;
        var at = text.IndexOf(Length, StringComparison.Ordinal);
        var length = at < 0 ? 0 : int.Parse(text[(at + Length.Length)..text.IndexOf('\r', at)], CultureInfo.InvariantCulture);
        return text.Length >= head + 4 + length;
    }
}
