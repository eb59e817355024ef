using System.Text.Json;

namespace ServerlessA2A.Functions.Inspector.Cards;

/// <summary>The type of a member of a card.</summary>
internal enum CardType
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A boolean.</summary>
    Flag,

    /// <summary>A list of strings.</summary>
    Texts,

    /// <summary>An object; with the members of <see cref="CardMember.Members"/>, or any.</summary>
    Object,

    /// <summary>A list of such objects.</summary>
    Objects,
}

/// <summary>A member that a card may have.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsRequired">Whether the specification requires it.</param>
internal sealed record CardMember(string Name, CardType Type = CardType.Text, bool IsRequired = false)
{
    /// <summary>The members of the object or of each object of the list; empty for any.</summary>
    public CardMember[] Members { get; init; } = [];

    /// <summary>Whether a value has the type.</summary>
    public bool Fits(JsonElement value) => Type switch
    {
        CardType.Text => value.ValueKind == JsonValueKind.String,
        CardType.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        CardType.Object => value.ValueKind == JsonValueKind.Object,
        CardType.Texts => value.ValueKind == JsonValueKind.Array &&
            value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
        _ => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object),
    };

    /// <summary>The type in words.</summary>
    public string Expected => Type switch
    {
        CardType.Text => "a string",
        CardType.Flag => "true or false",
        CardType.Texts => "a list of strings",
        CardType.Object => "an object",
        _ => "a list of objects",
    };
}
