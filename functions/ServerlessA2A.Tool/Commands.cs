using System.CommandLine;
using System.Net;
using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tool;

/// <summary>The commands.</summary>
internal static class Commands
{
    private static readonly Argument<Uri> Agent = new("agent")
    {
        Description = "The agent's address, or that of its card (.json).",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "https" or "http") return url;
            result.AddError($"{result.Tokens[0].Value} is not an http or https address.");
            return null;
        },
    };

    private static readonly Argument<string> TaskId = new("id") { Description = "The task's id." };

    private static readonly Argument<string[]> Text = new("text")
    {
        Description = "The message. Default: standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Task = new("--task") { Description = "The task that the message continues." };

    private static readonly Option<string?> Context = new("--context") { Description = "The conversation." };

    private static readonly Option<FileInfo[]> Files = new("--file") { Description = "A file to send." };

    private static readonly Option<bool> NoWait = new("--no-wait") { Description = "Return as soon as the agent has the message." };

    public static RootCommand Root()
    {
        var root = new RootCommand("Calls agents behind the Agent2Agent (A2A) protocol, 1.0 and 0.3, of any make.");
        foreach (var option in Settings.All) root.Options.Add(option);
        root.Subcommands.Add(Card());
        root.Subcommands.Add(Send());
        root.Subcommands.Add(Stream());
        root.Subcommands.Add(List());
        root.Subcommands.Add(Get());
        root.Subcommands.Add(Cancel());
        root.Subcommands.Add(VerifyCommand.Create(Agent));
        root.Subcommands.Add(ListenCommand.Create());
        return root;
    }

    /// <summary>Runs a command, and turns its failure into an exit code and a line on standard error.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Canceled;
        }
        catch (A2AClientException exception)
        {
            await Console.Error.WriteLineAsync(Output.Printable($"{exception.Error.Name}: {exception.Message}"));
            foreach (var violation in exception.FieldViolations)
                await Console.Error.WriteLineAsync(Output.Printable($"  {violation.Field}: {violation.Description}"));
            return ExitCode.Failed;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or HttpRequestException or HttpListenerException)
        {
            await Console.Error.WriteLineAsync(Output.Printable(exception.Message));
            return ExitCode.Failed;
        }
    }

    private static Command Card()
    {
        var extended = new Option<bool>("--extended") { Description = "The card that only authenticated callers get." };
        return Command("card", "Print the agent's card.", [Agent], [extended], async (client, output, arguments, cancellationToken) =>
        {
            output.Write(arguments.GetValue(extended)
                ? await client.GetExtendedCardAsync(cancellationToken) : await client.GetCardAsync(cancellationToken));
            return ExitCode.Done;
        });
    }

    private static Command Send() => Command(
        "send", "Send a message and print the result.", [Agent, Text], [Task, Context, Files, NoWait],
        async (client, output, arguments, cancellationToken) =>
        {
            var request = await ReadMessageAsync(arguments, cancellationToken);
            request = request with { Configuration = new() { ReturnImmediately = true } };
            var response = await client.SendAsync(request, cancellationToken);
            if (response.Message is { } message)
            {
                output.Write(message);
                return ExitCode.Done;
            }

            // Waiting by the client survives what a single request does not.
            var task = response.Task!;
            if (!arguments.GetValue(NoWait)) task = await client.WaitAsync(task.Id, cancellationToken);
            output.Write(task);
            return ExitCode.Of(task.Status.State);
        });

    private static Command Stream() => Command(
        "stream", "Send a message and print what the agent does.", [Agent, Text], [Task, Context, Files],
        async (client, output, arguments, cancellationToken) => await PrintAsync(
            client.StreamAsync(await ReadMessageAsync(arguments, cancellationToken), cancellationToken), output));

    private static Command List()
    {
        var state = new Option<string?>("--state") { Description = "Only tasks in this state, such as WORKING." };
        state.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && StateOf(result.Tokens[0].Value) is null)
                result.AddError($"{result.Tokens[0].Value} is not a state, such as WORKING or INPUT_REQUIRED.");
        });
        var limit = new Option<int>("--limit") { Description = "The number of tasks.", DefaultValueFactory = _ => 50 };
        return Command(
            "tasks", "List the newest tasks.", [Agent], [state, Context, limit], async (client, output, arguments, cancellationToken) =>
            {
                var filter = new ListTasksRequest { ContextId = arguments.GetValue(Context), Status = StateOf(arguments.GetValue(state)) };
                await foreach (var task in client.ListTasksAsync(filter, cancellationToken).Take(arguments.GetValue(limit)))
                    output.WriteLine(task);
                return ExitCode.Done;
            });
    }

    private static Command Get()
    {
        var follow = new Option<bool>("--follow") { Description = "Print the task's events until it ends." };
        return Command("task", "Print a task.", [Agent, TaskId], [follow], async (client, output, arguments, cancellationToken) =>
        {
            var id = arguments.GetRequiredValue(TaskId);
            if (arguments.GetValue(follow)) return await PrintAsync(client.SubscribeAsync(id, cancellationToken), output);
            var task = await client.GetTaskAsync(id, cancellationToken: cancellationToken);
            output.Write(task);
            return ExitCode.Of(task.Status.State);
        });
    }

    private static Command Cancel() => Command(
        "cancel", "Cancel a task.", [Agent, TaskId], [], async (client, output, arguments, cancellationToken) =>
        {
            output.Write(await client.CancelTaskAsync(arguments.GetRequiredValue(TaskId), cancellationToken));
            return ExitCode.Done;
        });

    private static Command Command(
        string name, string description, Argument[] arguments, Option[] options,
        Func<A2AClient, Output, ParseResult, CancellationToken, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var argument in arguments) command.Arguments.Add(argument);
        foreach (var option in options) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => RunAsync(async () =>
        {
            using var client = new A2AClient(parsed.GetRequiredValue(Agent), Settings.Read(parsed));
            return await run(client, new Output(Console.Out, parsed.GetValue(Settings.Json)), parsed, cancellationToken);
        }));
        return command;
    }

    private static async Task<int> PrintAsync(IAsyncEnumerable<StreamResponse> items, Output output)
    {
        var state = TaskState.Unspecified;
        await foreach (var item in items)
        {
            output.Write(item);
            state = (item.Task?.Status ?? item.StatusUpdate?.Status)?.State ?? state;
        }

        return ExitCode.Of(state);
    }

    private static async Task<SendMessageRequest> ReadMessageAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', arguments.GetValue(Text) ?? []);
        var files = arguments.GetValue(Files) ?? [];
        if (text.Length == 0 && files.Length == 0) text = await Console.In.ReadToEndAsync(cancellationToken);
        var parts = new List<Part>();
        if (text.Length > 0) parts.Add(Part.FromText(text));
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file.FullName, cancellationToken);
            parts.Add(Part.FromBytes(bytes, MediaTypes.Of(file.Extension), file.Name));
        }

        return new()
        {
            Message = new()
            {
                MessageId = Guid.CreateVersion7().ToString(),
                Role = Role.User,
                Parts = parts,
                TaskId = arguments.GetValue(Task),
                ContextId = arguments.GetValue(Context),
            },
        };
    }

    private static TaskState? StateOf(string? name) => name is null ? null
        : TaskStateNames.TryParse($"TASK_STATE_{name.ToUpperInvariant().Replace('-', '_')}", out var state) ? state : null;
}
