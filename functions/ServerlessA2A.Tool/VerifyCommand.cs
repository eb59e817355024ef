using System.CommandLine;
using ServerlessA2A.Client;

namespace ServerlessA2A.Tool;

/// <summary><c>a2a verify</c>: whether a card is signed by a key that the user trusts.</summary>
internal static class VerifyCommand
{
    public static Command Create(Argument<Uri> agent)
    {
        var keys = new Option<string>("--keys")
        {
            Description = "The trusted keys: a file, or an address that you trust, with a JSON Web Key Set.",
            Required = true,
        };
        var command = new Command("verify", "Verify the signature of the agent's card.") { agent, keys };
        command.SetAction((arguments, cancellationToken) => Commands.RunAsync(async () =>
        {
            var options = Settings.Read(arguments);
            options.TrustedKeys = await ReadAsync(arguments.GetRequiredValue(keys), options.Timeout, cancellationToken);
            using var client = new A2AClient(arguments.GetRequiredValue(agent), options);
            var card = await client.GetCardAsync(cancellationToken);
            var asJson = arguments.GetValue(Settings.Json);
            var output = new Output(Console.Out, asJson);
            if (asJson)
                output.Write(card);
            else
                output.WriteText($"The card of {card.Name} is signed by a trusted key.");
            return ExitCode.Done;
        }));
        return command;
    }

    private static async Task<byte[]> ReadAsync(string keys, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(keys, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            return await File.ReadAllBytesAsync(keys, cancellationToken);
        using var http = new HttpClient { Timeout = limit };
        try
        {
            return await http.GetByteArrayAsync(url, cancellationToken);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{url} did not answer in time.", late);
        }
    }
}
