using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using static Google.Cloud.AIPlatform.V1.Candidate.Types;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types.PromptFeedback.Types;

namespace ServerlessA2A.FakeVertex;

/// <summary>
/// What the model does in a turn; each of these begins one, which goes on with the methods of <see cref="ScriptedTurn"/>.
/// </summary>
public static class ModelTurn
{
    /// <inheritdoc cref="ScriptedTurn.Say"/>
    public static ScriptedTurn Say(params string[] chunks) => ScriptedTurn.Empty.Say(chunks);

    /// <inheritdoc cref="ScriptedTurn.Think"/>
    public static ScriptedTurn Think(params string[] chunks) => ScriptedTurn.Empty.Think(chunks);

    /// <inheritdoc cref="ScriptedTurn.Call"/>
    public static ScriptedTurn Call(string name, object? args = null, string? id = null) => ScriptedTurn.Empty.Call(name, args, id);

    /// <inheritdoc cref="ScriptedTurn.Image"/>
    public static ScriptedTurn Image(byte[] data, string mimeType) => ScriptedTurn.Empty.Image(data, mimeType);

    /// <inheritdoc cref="ScriptedTurn.Part"/>
    public static ScriptedTurn Part(Part part) => ScriptedTurn.Empty.Part(part);

    /// <inheritdoc cref="ScriptedTurn.Raw"/>
    public static ScriptedTurn Raw(GenerateContentResponse response) => ScriptedTurn.Empty.Raw(response);

    /// <inheritdoc cref="ScriptedTurn.Garbage"/>
    public static ScriptedTurn Garbage() => ScriptedTurn.Empty.Garbage();

    /// <inheritdoc cref="ScriptedTurn.Wait"/>
    public static ScriptedTurn Wait(Task until) => ScriptedTurn.Empty.Wait(until);

    /// <inheritdoc cref="ScriptedTurn.Hang"/>
    public static ScriptedTurn Hang() => ScriptedTurn.Empty.Hang();

    /// <inheritdoc cref="ScriptedTurn.Cut"/>
    public static ScriptedTurn Cut() => ScriptedTurn.Empty.Cut();

    /// <inheritdoc cref="ScriptedTurn.Reset"/>
    public static ScriptedTurn Reset(int errorCode) => ScriptedTurn.Empty.Reset(errorCode);

    /// <inheritdoc cref="ScriptedTurn.Fail"/>
    public static ScriptedTurn Fail(StatusCode code, string message = "", TimeSpan? retryAfter = null) =>
        ScriptedTurn.Empty.Fail(code, message, retryAfter);

    /// <inheritdoc cref="ScriptedTurn.Http"/>
    public static ScriptedTurn Http(int status, string contentType = "text/html", string body = "") =>
        ScriptedTurn.Empty.Http(status, contentType, body);

    /// <inheritdoc cref="ScriptedTurn.BlockPrompt"/>
    public static ScriptedTurn BlockPrompt(BlockedReason reason, string message = "", params SafetyRating[] ratings) =>
        ScriptedTurn.Empty.BlockPrompt(reason, message, ratings);

    /// <inheritdoc cref="ScriptedTurn.Finish"/>
    public static ScriptedTurn Finish(FinishReason reason, string? message = null) => ScriptedTurn.Empty.Finish(reason, message);
}
