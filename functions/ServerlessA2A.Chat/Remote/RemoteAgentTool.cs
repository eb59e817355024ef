using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Chat.Remote;

/// <summary>
/// Another A2A agent as a tool of the model. The call saves the other agent's task, so that a repeated call, after a crash or a hand-over,
/// waits for the same task; its message has the same id, so that one whose answer was lost is not sent twice.
/// </summary>
internal sealed class RemoteAgentTool(A2AClient agent, string name, string description, TimeProvider time) : AIFunction
{
    /// <summary>How long a run waits before the task sleeps, since most answers come soon. Default: 20 s.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the task sleeps where the other agent calls its webhook; a call may get lost.</summary>
    private static readonly TimeSpan LongSleep = TimeSpan.FromMinutes(10);

    /// <summary>How long the task sleeps at least where the other agent has to be asked: the sweep comes once a minute.</summary>
    private static readonly TimeSpan ShortSleep = TimeSpan.FromSeconds(10);

    /// <summary>How many agents may call each other in a row: two that ask each other would do so forever.</summary>
    internal const int MaxDepth = 8;

    /// <summary>The member of a request's metadata with the number of agents before this one.</summary>
    private const string Depth = "serverlessa2a.depth";

    /// <summary>
    /// How long a run that ends looks for the other agent's task, and for the reason: whether the client has canceled this one. Default:
    /// 5 s.
    /// </summary>
    internal TimeSpan CancelLimit { get; init; } = TimeSpan.FromSeconds(5);

    private static readonly JsonElement Schema = JsonElement.Parse("""
        {"type":"object","properties":{"message":{"type":"string","description":"The request, complete by itself."}},"required":["message"]}
        """);

    private static readonly Files NoAddresses = new();

    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => Schema;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var context = (ToolContext)arguments.Context![typeof(ToolContext)]!;
        var text = arguments.TryGetValue("message", out var said) ? said?.ToString() : null;
        if (string.IsNullOrWhiteSpace(text)) throw new ArgumentException("The message is missing.");
        var call = Progress.Read(context.Saved);
        using var limit = new CancellationTokenSource();
        await using var end = cancellationToken.UnsafeRegister(
            _ => limit.CancelAfter(context.Agent.HandOverRequested.IsCancellationRequested ? TimeSpan.Zero : CancelLimit), null);
        try
        {
            // An answer without a number is of an earlier version, which has sent it.
            var isAnswer = call is not null && context.AnswerCount > 0 && call.MessageId != IdOf(context);
            var answer = isAnswer ? context.Answer : null;
            if (call is null || answer is not null)
            {
                // The message that begins the other agent's task runs on for a short time when the run ends: only its response names the
                // task to cancel.
                (Progress? Progress, Message? Message) sent;
                try
                {
                    sent = await SendAsync(
                        context, answer ?? text, call?.TaskId, call is null ? limit.Token : cancellationToken, cancellationToken);
                }
                catch (A2AClientException fault) when (call is not null && !fault.IsTransient)
                {
                    // It may have ended while the client was asked, such as after an authorization in a browser, and takes no answer then.
                    var task = await agent.GetTaskAsync(call.TaskId, cancellationToken: cancellationToken);
                    if (!task.Status.State.IsTerminal()) throw;
                    return ResultOf(task, context);
                }

                if (sent.Message is { } reply) return ToResult([reply.Parts]);
                call = sent.Progress!;
            }

            return ResultOf(await WaitAsync(call, context, cancellationToken), context);
        }
        catch (A2AClientException fault) when (fault.IsTransient && call is not null && context.MaySleep)
        {
            // As an error it would have the model begin another task. The task's WorkLimit bounds the wait.
            context.Save((call with { HasSlept = true }).Write());
            throw context.Sleep(ShortSleep);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (call is not null && !context.Agent.HandOverRequested.IsCancellationRequested)
                await CancelWithTaskAsync(call.TaskId, context.Agent.TaskId, arguments.Services, limit.Token);
            throw;
        }
    }

    /// <summary>Cancels the task of a call that is not in progress.</summary>
    /// <param name="saved">What the call has saved.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CancelAsync(string saved, CancellationToken cancellationToken)
    {
        if (Progress.Read(saved) is { } call)
            await TryCancelAsync(call.TaskId, cancellationToken);
    }

    /// <summary>Waits for the other agent: where the task may sleep, for a short time only.</summary>
    private async Task<A2ATask> WaitAsync(Progress call, ToolContext context, CancellationToken cancellationToken)
    {
        if (!context.MaySleep)
            return await agent.WaitAsync(call.TaskId, cancellationToken);
        var sleep = context.Sleep(call.HasWebhook ? LongSleep : ShortSleep);
        if (call.HasSlept)
        {
            // It was woken because there may be something to see.
            var task = await agent.GetTaskAsync(call.TaskId, cancellationToken: cancellationToken);
            return task.Status.State.IsTerminalOrInterrupted() ? task : throw sleep;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await agent.WaitAsync(call.TaskId, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Save((call with { HasSlept = true }).Write());
            throw sleep;
        }
    }

    /// <summary>Sends the request, or the answer to a question. The id follows from the call and the number of its answers.</summary>
    private async Task<(Progress? Progress, Message? Message)> SendAsync(
        ToolContext context, string text, string? taskId, CancellationToken sending, CancellationToken cancellationToken)
    {
        var depth = DepthOf(context.Agent.RequestMetadata) + 1;
        if (depth > MaxDepth)
            throw new InvalidOperationException($"{MaxDepth} agents have called each other in a row: this looks like a loop.");
        var request = new SendMessageRequest
        {
            Message = new() { MessageId = IdOf(context), Role = Role.User, Parts = [Part.FromText(text)], TaskId = taskId },
            Configuration = new() { ReturnImmediately = true },
            Metadata = JsonSerializer.SerializeToElement(new Dictionary<string, int> { [Depth] = depth }),
        };
        var webhook = await WebhookAsync(context, cancellationToken);
        var (response, hasWebhook) = await SendAsync(request, webhook, sending, cancellationToken);
        if (response.Task is not { } task) return (null, response.Message);
        var progress = new Progress(task.Id, IdOf(context)) { HasWebhook = hasWebhook };
        context.Save(progress.Write());
        return (progress, null);
    }

    /// <summary>Sends with a webhook, and without one to an agent that does not accept it.</summary>
    private async Task<(SendMessageResponse Response, bool HasWebhook)> SendAsync(
        SendMessageRequest request, Uri? webhook, CancellationToken sending, CancellationToken cancellationToken)
    {
        if (webhook is not null)
        {
            var configuration = request.Configuration! with { TaskPushNotificationConfig = new() { Url = webhook.AbsoluteUri } };
            try
            {
                return (await agent.SendAsync(request with { Configuration = configuration }, sending), true);
            }
            catch (A2AClientException exception) when (exception.Error == A2AError.InvalidParams ||
                exception.Error == A2AError.PushNotificationNotSupported)
            {
                // It does not reach this address, for example.
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return (await agent.SendAsync(request, sending), false);
    }

    /// <summary>Creates the webhook, if any. Reads the card in any case, so that a run that ends meanwhile sends no message.</summary>
    private async Task<Uri?> WebhookAsync(ToolContext context, CancellationToken cancellationToken) =>
        (await agent.GetCardAsync(cancellationToken)).Capabilities.PushNotifications == true && context.MaySleep
            ? context.Agent.CreateWebhook()
            : null;

    private static ToolResult ResultOf(A2ATask task, ToolContext context)
    {
        var parts = task.Status.Message?.Parts ?? [];
        var said = TextOf(parts, files: []);
        return task.Status.State switch
        {
            TaskState.InputRequired => throw context.Ask(said.Length > 0 ? said : "The other agent needs an answer."),
            TaskState.AuthRequired => throw context.RequireAuthorization(
                said.Length > 0 ? said : "The other agent needs an authorization.",
                [.. parts.Where(part => part.Text is null)]),
            TaskState.Completed when task.Artifacts is { Count: > 0 } artifacts => ToResult(artifacts.Select(artifact => artifact.Parts)),
            TaskState.Completed => ToResult([parts]),
            var state => throw new InvalidOperationException($"The other agent's task ended with {state}. {said}".TrimEnd()),
        };
    }

    /// <summary>
    /// Cancels the other agent's task if the client has canceled this one. Otherwise the run is lost, and the next one waits for it.
    /// </summary>
    private async Task CancelWithTaskAsync(
        string remoteTaskId, string taskId, IServiceProvider? services, CancellationToken cancellationToken)
    {
        if (services?.GetService<ITaskStore>() is not { } store) return;
        try
        {
            if (await store.WaitUntilTerminalOrInterruptedAsync(taskId, cancellationToken) is { State: TaskState.Canceled })
                await TryCancelAsync(remoteTaskId, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TaskStoreException)
        {
            // The other agent goes on; nobody waits for it.
        }
    }

    private async Task TryCancelAsync(string remoteTaskId, CancellationToken cancellationToken)
    {
        try
        {
            await agent.CancelTaskAsync(remoteTaskId, cancellationToken);
        }
        catch (A2AClientException)
        {
            // It has ended, or goes on; nobody waits for it.
        }
    }

    private static string IdOf(ToolContext context)
    {
        var key = $"{context.Agent.TaskId}\n{context.CallId}\n{context.AnswerCount}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        if (context.AnswerCount > 0)
            return Convert.ToHexStringLower(hash)[..32];
        // The first message is a UUID of version 4: an agent of this library recognizes no other id of an anonymous caller.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x40);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString();
    }

    private static int DepthOf(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(Depth, out var depth) &&
        depth.ValueKind == JsonValueKind.Number && depth.TryGetInt32(out var number) && number > 0 ? number : 0;

    private static ToolResult ToResult(IEnumerable<IReadOnlyList<Part>> said)
    {
        var files = new List<DataContent>();
        var text = string.Join("\n\n", said.Select(parts => TextOf(parts, files)));
        return new ToolResult(ChatJson.ToElement(text), files);
    }

    private static string TextOf(IReadOnlyList<Part> parts, List<DataContent> files) => string.Join(
        '\n', parts.Select(part => part.Text ?? part.Data?.GetRawText() ?? part.Url ?? FileOf(part, files)).OfType<string>());

    /// <summary>The text of a text file; the description of any other file, which is added to the files.</summary>
    private static string? FileOf(Part part, List<DataContent> files)
    {
        if (part.Raw is not { } bytes) return null;
        try
        {
            var content = MessageContents.Of([part], "parts", NoAddresses)[0];
            if (content is TextContent text) return text.Text;
            files.Add((DataContent)content);
        }
        catch (UnreadablePartException)
        {
            // The model gets the description alone.
        }

        var type = string.IsNullOrEmpty(part.MediaType) ? "an unknown type" : $"the type {part.MediaType}";
        return $"(The file {part.Filename ?? "without a name"} of {type}, {bytes.Length} bytes.)";
    }

    /// <summary>What a call saves.</summary>
    private sealed record Progress(string TaskId, string MessageId)
    {
        private const string Webhook = "webhook";
        private const string Slept = "slept";

        /// <summary>Whether the other agent calls a webhook.</summary>
        public bool HasWebhook { get; init; }

        /// <summary>Whether the task has slept since the message was sent.</summary>
        public bool HasSlept { get; init; }

        public static Progress? Read(string? saved) => saved?.Split('\n') is [var task, var message, .. var facts]
            ? new(task, message) { HasWebhook = facts.Contains(Webhook), HasSlept = facts.Contains(Slept) }
            : null;

        public string Write() =>
            string.Join('\n', new[] { TaskId, MessageId, HasWebhook ? Webhook : null, HasSlept ? Slept : null }.OfType<string>());
    }
}
