namespace ServerlessA2A.Telemetry;

/// <summary>
/// The names of all attributes. Those of the GenAI and A2A conventions still change: they are renamed
/// here, and in <c>docs/telemetry.md</c>. Attributes that hold an id or text are for spans only; metrics must have few series.
/// </summary>
internal static class TelemetryNames
{
    // A2A. There is no convention yet for most of it.
    public const string Operation = "a2a.operation";
    public const string Binding = "a2a.protocol.binding";
    public const string Version = "a2a.protocol.version";
    public const string TaskId = "a2a.task.id";
    public const string TaskState = "a2a.task.state";
    public const string Event = "a2a.event.number";
    public const string RunId = "a2a.run.id";
    public const string Attempt = "a2a.run.attempt";
    public const string RunOutcome = "a2a.run.outcome";
    public const string LossReason = "a2a.run.loss_reason";
    public const string SweepKind = "a2a.sweep.kind";
    public const string WebhookId = "a2a.webhook.id";
    public const string WebhookVerdict = "a2a.webhook.verdict";
    public const string Limit = "a2a.limit";
    public const string StoreAction = "a2a.store.action";

    // General and HTTP.
    public const string Error = "error.type";
    public const string Other = "_OTHER";
    public const string HttpMethod = "http.request.method";
    public const string HttpStatus = "http.response.status_code";
    public const string Server = "server.address";
    public const string UrlPath = "url.path";
    public const string UrlScheme = "url.scheme";

    // Messaging.
    public const string MessagingSystem = "messaging.system";
    public const string MessagingDestination = "messaging.destination.name";
    public const string MessagingOperation = "messaging.operation.name";
    public const string MessagingOperationType = "messaging.operation.type";
    public const string MessageId = "messaging.message.id";

    // Database.
    public const string DatabaseSystem = "db.system.name";
    public const string DatabaseOperation = "db.operation.name";

    // GenAI.
    public const string GenAIOperation = "gen_ai.operation.name";
    public const string GenAIProvider = "gen_ai.provider.name";
    public const string AgentName = "gen_ai.agent.name";
    public const string Conversation = "gen_ai.conversation.id";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolCallId = "gen_ai.tool.call.id";
}
