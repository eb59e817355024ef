using Microsoft.Extensions.AI;

namespace ServerlessA2A.Chat.Tests.Scripted;

/// <summary>
/// What the model does in a turn; each of these begins one, which goes on with the methods of <see cref="ScriptedTurn"/>.
/// </summary>
internal static class ModelTurn
{
    public static ScriptedTurn Empty => ScriptedTurn.Empty;

    /// <inheritdoc cref="ScriptedTurn.Say"/>
    public static ScriptedTurn Say(params string[] chunks) => Empty.Say(chunks);

    /// <inheritdoc cref="ScriptedTurn.Think"/>
    public static ScriptedTurn Think(string text, string? seal = null) => Empty.Think(text, seal);

    /// <inheritdoc cref="ScriptedTurn.Call"/>
    public static ScriptedTurn Call(string name, object? args = null, string? id = null) => Empty.Call(name, args, id);

    /// <inheritdoc cref="ScriptedTurn.GarbledCall"/>
    public static ScriptedTurn GarbledCall(string name) => Empty.GarbledCall(name);

    /// <inheritdoc cref="ScriptedTurn.Image"/>
    public static ScriptedTurn Image(byte[] data, string mediaType) => Empty.Image(data, mediaType);

    /// <inheritdoc cref="ScriptedTurn.Hang"/>
    public static ScriptedTurn Hang() => Empty.Hang();

    /// <inheritdoc cref="ScriptedTurn.Fail"/>
    public static ScriptedTurn Fail(Exception failure) => Empty.Fail(failure);

    /// <inheritdoc cref="ScriptedTurn.Finish"/>
    public static ScriptedTurn Finish(ChatFinishReason reason) => Empty.Finish(reason);
}
