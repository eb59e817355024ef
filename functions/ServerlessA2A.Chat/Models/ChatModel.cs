using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Chat.Models;

/// <summary>
/// A model behind a chat client: what the agent needs to know beyond <see cref="IChatClient"/>. The defaults suit any client; a provider
/// with more to tell overrides them.
/// </summary>
/// <param name="client">The chat client.</param>
internal class ChatModel(IChatClient client)
{
    private static readonly Files HttpsFiles = new();

    /// <summary>The chat client.</summary>
    public IChatClient Client => client;

    /// <summary>The name of the model for usage and logs, if its answers have none; null if it is unknown.</summary>
    public virtual string? Name => (client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.DefaultModelId;

    /// <summary>The name of the provider, as conventions for telemetry have it; null if it is unknown.</summary>
    public virtual string? Provider => (client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata)?.ProviderName;

    /// <summary>The files that the model reads at their address.</summary>
    public virtual Files Files => HttpsFiles;

    /// <summary>Tools that the provider runs itself.</summary>
    public virtual IReadOnlyList<AITool> HostedTools => [];

    /// <summary>Whether the model accepts tools: only then may it ask the client by default.</summary>
    public virtual bool AcceptsTools => true;

    /// <summary>
    /// Whether the client continues interrupted answers itself: those that break off, and a message of the model at the end of the
    /// conversation.
    /// </summary>
    public virtual bool ContinuesAnswers => false;

    /// <summary>Whether a turn of the client has had a finish reason: then a turn without one has broken off.</summary>
    public bool ReportsEnds { get; private set; }

    /// <summary>Reads whether and how an update ends its turn; null if it does not.</summary>
    public TurnEnd? EndOf(ChatResponseUpdate update)
    {
        if (update.FinishReason is not { } reason)
            return null;
        ReportsEnds = true;
        return EndOf(update, reason);
    }

    /// <summary>Reads how a turn ended from the update that ended it.</summary>
    protected virtual TurnEnd EndOf(ChatResponseUpdate end, ChatFinishReason reason) => new(reason, reason.Value);

    /// <summary>The web searches that an update mentions.</summary>
    public virtual IEnumerable<string> SearchesOf(ChatResponseUpdate update) => [];

    /// <summary>What to do about answers that reach the token limit, as a clause.</summary>
    /// <param name="section">The section of the agent's settings.</param>
    public virtual string TokenRemedy(string section) => $"raise {SettingFault.Name($"{section}:MaxOutputTokens")}";

    /// <summary>Interprets an exception of the chat client.</summary>
    public virtual ModelException ToException(Exception failure) => ModelFaults.ToException(failure);
}
