using System.Text.Json;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>A row of the matrix: an operation, in one of its uses.</summary>
/// <param name="Operation">The operation's name in the table of operations.</param>
/// <param name="Request">Asks for it.</param>
/// <param name="Gist">What of a result tells that it is the right one.</param>
/// <param name="Right">The gist for whose task it is.</param>
internal sealed record MatrixOperation(
    string Operation, Func<Wire, Subject, HttpRequestMessage> Request, Func<Wire, Subject, JsonElement, string> Gist, string Right)
{
    /// <summary>What is special in this use of the operation.</summary>
    public string Use { get; init; } = "";

    /// <summary>The gist for anybody else; null where they get what they would get for a task that is not there.</summary>
    public string? Others { get; init; }

    /// <summary>Whether the result is a stream, of which the first event counts.</summary>
    public bool Streams { get; init; }

    /// <summary>Whether an error is an event in a stream: 0.3's resubscribe.</summary>
    public bool AnswersErrorsAsEvents(Wire wire) => Operation == "SubscribeToTask" && wire is JsonRpcV03Wire;

    public override string ToString() => Use.Length == 0 ? Operation : $"{Operation} ({Use})";
}
