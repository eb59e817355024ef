using System.CommandLine;
using System.Net;
using ServerlessA2A.Client.Webhooks;

namespace ServerlessA2A.Tool;

/// <summary><c>a2a webhook listen</c>: receives deliveries on this machine and prints them.</summary>
internal static class ListenCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port.", DefaultValueFactory = _ => 8090 };
        var keySet = new Option<Uri?>("--keys") { Description = "The address of the agent's key set: deliveries must be signed." };
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
            listener.Start();
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

    private static async Task<bool> ReceiveAsync(
        HttpListener listener, WebhookReader reader, Output output, CancellationToken cancellationToken)
    {
        HttpListenerContext context;
        try
        {
            context = await listener.GetContextAsync();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            throw new OperationCanceledException("The listener was stopped.", exception, cancellationToken);
        }

        using var response = context.Response;
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body, cancellationToken);
            var received = await reader.ReadAsync(name => context.Request.Headers[name], body.ToArray(), cancellationToken);
            output.Write(received.Item);
            response.StatusCode = 200;
            return true;
        }
        catch (WebhookRejectedException rejected)
        {
            await Console.Error.WriteLineAsync(rejected.Message);
            response.StatusCode = rejected.Status;
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            response.StatusCode = 503;
        }

        return false;
    }
}
