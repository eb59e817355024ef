namespace Grpc.Core;

/// <summary>How a channel is secured. Where none are given, it is with TLS and Application Default Credentials.</summary>
public abstract class ChannelCredentials
{
    private ChannelCredentials()
    {
    }

    /// <summary>In the clear, and without a token.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>With TLS, and without a token.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    internal abstract bool IsSecure { get; }

    private sealed class InsecureCredentials : ChannelCredentials
    {
        internal override bool IsSecure => false;
    }

    private sealed class SslCredentials : ChannelCredentials
    {
        internal override bool IsSecure => true;
    }
}
