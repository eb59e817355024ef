namespace ServerlessA2A.Client.Webhooks;

/// <summary>How deliveries to a webhook prove where they come from. All that is set is required.</summary>
public sealed class WebhookReceiverOptions
{
    /// <summary>
    /// The address of the agent's JSON Web Key Set: of agents of this library <c>/.well-known/jwks.json</c> beside the card. Deliveries
    /// must be signed with one of its keys. It is read again when a delivery names an unknown key, at most once a minute.
    /// </summary>
    public Uri? KeySet { get; set; }

    /// <summary>
    /// The webhook's address as it was given to the agent, letter for letter: the audience of signatures. Required with
    /// <see cref="KeySet"/>.
    /// </summary>
    public string? Audience { get; set; }

    /// <summary>The token of the webhook's configuration, which deliveries bring in X-A2A-Notification-Token.</summary>
    public string? Token { get; set; }

    /// <summary>The Authorization header that the webhook's configuration asks for, such as <c>Bearer secret</c>.</summary>
    public string? Authorization { get; set; }

    /// <summary>Whether deliveries are accepted that prove nothing. Default: false; one of the others has to be set.</summary>
    public bool AllowUnauthenticated { get; set; }

    /// <summary>The longest body that is read, in bytes. Default: 16 MB.</summary>
    public long MaxBodySize { get; set; } = 16 * 1024 * 1024;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The fault of the options; null for none.</summary>
    internal string? Fault() => this switch
    {
        { KeySet: not null, Audience: null or "" } =>
            $"{nameof(WebhookReceiverOptions)}.{nameof(Audience)} must be the webhook's address: signatures for others would be accepted.",
        { KeySet: null, Token: null or "", Authorization: null or "", AllowUnauthenticated: false } =>
            $"{nameof(WebhookReceiverOptions)} must set {nameof(KeySet)}, {nameof(Token)} or {nameof(Authorization)}: " +
            $"anyone could send events. {nameof(AllowUnauthenticated)} permits that.",
        _ => null,
    };
}
