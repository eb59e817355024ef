namespace ServerlessA2A.Functions.Inspector.Cards;

/// <summary>How grave a finding is.</summary>
internal enum Severity
{
    /// <summary>Clients cannot read the card or reach the agent.</summary>
    Error,

    /// <summary>Some clients cannot.</summary>
    Warning,

    /// <summary>Good to know.</summary>
    Note,
}

/// <summary>One thing that was found about a card.</summary>
/// <param name="Severity">How grave it is.</param>
/// <param name="Version">The version of the protocol that it is about: 1.0 or 0.3; empty for any.</param>
/// <param name="Path">The member; empty for the card as a whole.</param>
/// <param name="Text">What was found, and the remedy.</param>
internal sealed record CardFinding(Severity Severity, string Version, string Path, string Text);
