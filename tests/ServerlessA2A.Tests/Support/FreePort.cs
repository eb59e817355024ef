using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.Tests.Support;

/// <summary>A port of the loopback address that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>
    /// Finds one from 10,000 to 31,999. The system does not give these to connections or to listeners that ask for any port, so the port
    /// is likely to be free still when the test uses it.
    /// </summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one is free.
            }
        }
    }
}
