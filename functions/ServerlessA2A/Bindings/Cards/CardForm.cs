namespace ServerlessA2A.Bindings.Cards;

/// <summary>The versions that a card is written for.</summary>
internal enum CardForm
{
    /// <summary>For readers of 1.0 and of 0.3: the members of both.</summary>
    Blended,

    /// <summary>For readers of 1.0 only.</summary>
    V1_0,

    /// <summary>For readers of 0.3 only.</summary>
    V0_3,
}
