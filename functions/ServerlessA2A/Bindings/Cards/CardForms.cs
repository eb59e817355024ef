namespace ServerlessA2A.Bindings.Cards;

/// <summary>The names of the card's forms in the configuration.</summary>
internal static class CardForms
{
    /// <summary>The form of that name, or null where there is none.</summary>
    public static CardForm? Parse(string? name) => name?.Trim().ToLowerInvariant() switch
    {
        "blended" => CardForm.Blended,
        "1.0" => CardForm.V1_0,
        "0.3" => CardForm.V0_3,
        _ => null,
    };
}
