using System.CommandLine;
using System.Globalization;
using System.Net;
using ServerlessA2A.Client.Webhooks;

namespace ServerlessA2A.Tool;

/// <summary><c>a2a webhook listen</c>: receives deliveries on this machine and prints them.</summary>
internal static class ListenCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port.", DefaultValueFactory = _ => 8090 };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }, ..] && int.TryParse(text, CultureInfo.InvariantCulture, out var number) &&
                number is < 1 or > IPEndPoint.MaxPort)
                result.AddError($"{text} is not a port: use 1 to {IPEndPoint.MaxPort}.");
        });
        var keySet = new Option<Uri?>("--keys") { Description = "The address of the agent's key set: deliveries must be signed." };
        keySet.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }, ..] &&
                !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
                result.AddError($"{text} is not an http or https address.");
        });
        var audience = new Option<string?>("--audience")
        {
            Description = "The webhook's address as the agent has it. Default: http://localhost:PORT/.",
        };
        var token = new Option<string?>("--token") { Description = "The webhook's token." };
        var count = new Option<int?>("--count") { Description = "End after this many deliveries." };
        var listen = new Command("listen", "Receive deliveries on this machine and print them.") { port, keySet, audience, token, count };
        listen.SetAction((arguments, cancellationToken) => Commands.RunAsync(async () =>
        {
            var address = $"http://localhost:{arguments.GetValue(port)}/";
            using var reader = new WebhookReader(new()
            {
                KeySet = arguments.GetValue(keySet),
                Audience = arguments.GetValue(audience) ?? address,
                Token = arguments.GetValue(token),
                AllowUnauthenticated = true,
            });
            using var listener = new HttpListener { Prefixes = { address } };
            Start(listener, address);
            await Console.Error.WriteLineAsync($"Listening at {address}");
            using var stopping = cancellationToken.Register(listener.Abort);
            var output = new Output(Console.Out, arguments.GetValue(Settings.Json));
            for (var left = arguments.GetValue(count) ?? int.MaxValue; left > 0;)
            {
                if (await ReceiveAsync(listener, reader, output, cancellationToken)) left--;
            }

            return ExitCode.Done;
        }));
        return new Command("webhook", "Receive webhooks.") { listen };
    }

    private static void Start(HttpListener listener, string address)
    {
        try
        {
            listener.Start();
        }
        catch (HttpListenerException exception)
        {
            throw new IOException($"Cannot listen at {address}: {exception.Message}", exception);
        }
    }

    /// <summary>Receives one request; false for one that is no delivery to count.</summary>
    private static async Task<bool> ReceiveAsync(
        HttpListener listener, WebhookReader reader, Output output, CancellationToken cancellationToken)
    {
        HttpListenerContext context;
        try
        {
            context = await listener.GetContextAsync();
        }
        catch (Exception exception) when (
            exception is HttpListenerException or ObjectDisposedException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The listener was stopped.", exception, cancellationToken);
        }

        using var body = new MemoryStream();
        try
        {
            await context.Request.InputStream.CopyToAsync(body, cancellationToken);
        }
        catch (Exception exception) when (IsBrokenOff(exception))
        {
            context.Response.Abort();
            return false;
        }

        var status = await PrintAsync(context.Request, body.ToArray(), reader, output, cancellationToken);
        try
        {
            context.Response.StatusCode = status;
            context.Response.Close();
        }
        catch (Exception exception) when (IsBrokenOff(exception))
        {
            // The sender no longer waits for the answer, and repeats the delivery.
        }

        return status == 200;
    }

    private static async Task<int> PrintAsync(
        HttpListenerRequest request, byte[] body, WebhookReader reader, Output output, CancellationToken cancellationToken)
    {
        try
        {
            var received = await reader.ReadAsync(name => request.Headers[name], body, cancellationToken);
            output.Write(received.Item);
            return 200;
        }
        catch (WebhookRejectedException rejected)
        {
            await Console.Error.WriteLineAsync(Output.Printable(rejected.Message));
            return rejected.Status;
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync(Output.Printable(exception.Message));
            return 503;
        }
    }

    /// <summary>What the connection throws once the sender has closed it.</summary>
    private static bool IsBrokenOff(Exception exception) =>
        exception is HttpListenerException or IOException or ObjectDisposedException;
}
