using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Tasks.Callbacks;

/// <summary>The callbacks of a task, as its agent creates and reads them.</summary>
internal sealed class TaskCallbacks(CallbackStates states, SingleProcess? single = null)
{
    /// <summary>Creates a callback.</summary>
    /// <exception cref="InvalidOperationException">The agent's address is not configured, or there is no key.</exception>
    public AgentCallback Create(string taskId, AgentCards cards, string subject, TimeSpan? lifetime)
    {
        var address = AddressOf(cards);
        var (state, text, verifier) = states.Create(taskId, subject, lifetime);
        return new AgentCallback
        {
            Id = state.Id,
            RedirectUri = address,
            State = text,
            Uri = new Uri($"{address.AbsoluteUri}/{Uri.EscapeDataString(taskId)}?state={text}"),
            ExpiresAt = state.ExpiresAt,
            CodeChallenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
        };
    }

    /// <summary>Creates the address that wakes a task; null where there is no address or no key.</summary>
    public Uri? CreateWebhook(string taskId, AgentCards cards) => FindAddress(cards) is { } address && states.HasKey
        ? new Uri($"{address.AbsoluteUri}/{Uri.EscapeDataString(taskId)}?state={states.CreateForWebhook(taskId)}")
        : null;

    /// <summary>The callback that a message of a task brought; null for a client's message.</summary>
    public CallbackResult? Read(string taskId, AgentCards cards, Message message) =>
        CallbackMessages.StateOf(message) is { } text && states.TryRead(text, out var state, out var verifier) && state.TaskId == taskId
            ? new CallbackResult
            {
                Id = state.Id,
                Subject = state.Subject,
                Values = CallbackMessages.ValuesOf(message),
                RedirectUri = AddressOf(cards),
                CodeVerifier = verifier,
            }
            : null;

    private Uri AddressOf(AgentCards cards) => FindAddress(cards) ??
        throw new InvalidOperationException(
            $"Callbacks need an address that browsers reach: set {SettingFault.Name($"{cards.Section}:PublicUrl")}, " +
            $"or {SettingFault.Name($"{cards.Section}:CallbackUrl")} if callbacks are served elsewhere.");

    private Uri? FindAddress(AgentCards cards)
    {
        var address = cards.CallbackUrl ?? (single?.Address() is { } own ? $"{own.TrimEnd('/')}/callback" : null);
        return address is null ? null : new Uri(address.TrimEnd('/'));
    }
}
