namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>What has come of a call.</summary>
/// <param name="Verdict">What it means.</param>
/// <param name="Reason">Why it was not taken; empty where it was.</param>
/// <param name="Status">The status of the answer; null for none.</param>
/// <param name="RetryAfter">How long the receiver asks to be let alone; null where it doesn't.</param>
internal sealed record WebhookOutcome(WebhookVerdict Verdict, string Reason = "", int? Status = null, TimeSpan? RetryAfter = null);
