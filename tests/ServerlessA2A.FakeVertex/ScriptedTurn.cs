using System.Collections.Immutable;
using System.Text.Json;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ServerlessA2A.FakeVertex.Protocol;
using ServerlessA2A.FakeVertex.Steps;
using static Google.Cloud.AIPlatform.V1.Candidate.Types;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types.PromptFeedback.Types;

namespace ServerlessA2A.FakeVertex;

/// <summary>
/// What the model does in a turn, step by step. A turn that was not broken off finishes with STOP, in its last message, unless it
/// says otherwise. It does not change, and serves any number of calls.
/// </summary>
public sealed class ScriptedTurn
{
    internal static readonly ScriptedTurn Empty = new([], new());

    private readonly ImmutableList<Step> steps;
    private readonly Closing closing;

    private ScriptedTurn(ImmutableList<Step> steps, Closing closing) => (this.steps, this.closing) = (steps, closing);

    /// <summary>Text, each chunk in a message of its own.</summary>
    public ScriptedTurn Say(params string[] chunks) =>
        With(chunks.Select(chunk => new MessageStep(Contents.Of(new Part { Text = chunk }))));

    /// <summary>Text that is thought and not said, each chunk in a message of its own.</summary>
    public ScriptedTurn Think(params string[] chunks) =>
        With(chunks.Select(chunk => new MessageStep(Contents.Of(NewFields.Thought(chunk)))));

    /// <summary>A function's call, in the same message as one just before it: they are to be made in parallel.</summary>
    /// <param name="name">The function's.</param>
    /// <param name="args">What JSON makes an object of.</param>
    /// <param name="id">The call's id, which a client has to send back with its result; null for none.</param>
    public ScriptedTurn Call(string name, object? args = null, string? id = null)
    {
        var call = new FunctionCall { Name = name, Args = Struct.Parser.ParseJson(JsonSerializer.Serialize(args ?? new { })) };
        var part = new Part { FunctionCall = id is null ? call : NewFields.Identified(call, id) };
        return steps is [.., MessageStep { IsOfCalls: true } last] ? WithLast(new MessageStep(Contents.With(last.Response, part)))
            : Part(part);
    }

    public ScriptedTurn Image(byte[] data, string mimeType) =>
        Part(new() { InlineData = new() { Data = ByteString.CopyFrom(data), MimeType = mimeType } });

    /// <summary>Whatever else a model may give, in a message of its own.</summary>
    public ScriptedTurn Part(Part part) => With([new MessageStep(Contents.Of(part.Clone()))]);

    /// <summary>Gives the last part its thought signature, which a client has to send back with it.</summary>
    public ScriptedTurn WithSignature(byte[] signature) => steps is [.., MessageStep last]
        ? WithLast(new MessageStep(Contents.WithLast(last.Response, part => NewFields.Signed(part, signature))))
        : throw new InvalidOperationException("There is no part before.");

    /// <summary>The message as it is; a turn that ends with it finishes only if it says so.</summary>
    public ScriptedTurn Raw(GenerateContentResponse response) => With([new RawStep(response.ToByteArray())]);

    /// <summary>Bytes that are no message.</summary>
    public ScriptedTurn Garbage() => With([new RawStep([0xff, 0xff])]);

    /// <summary>Nothing until a task of the test's has ended.</summary>
    public ScriptedTurn Wait(Task until) => With([new WaitStep(until)]);

    /// <summary>Nothing more until the client goes away.</summary>
    public ScriptedTurn Hang() => With([new HangStep()]);

    /// <summary>Breaks the connection. What came just before may be lost with it, unless the turn waits until the client has it.</summary>
    public ScriptedTurn Cut() => With([new CutStep(null)]);

    /// <summary>
    /// Resets the call's stream, with an error code of HTTP/2; the connection stays. What came just before may be lost, as with
    /// <see cref="Cut"/>.
    /// </summary>
    public ScriptedTurn Reset(int errorCode) => With([new CutStep(errorCode)]);

    /// <summary>Ends with a status.</summary>
    /// <param name="code">The status.</param>
    /// <param name="message">What it says besides.</param>
    /// <param name="retryAfter">Sent as google.rpc.RetryInfo, among the details in the trailers.</param>
    public ScriptedTurn Fail(StatusCode code, string message = "", TimeSpan? retryAfter = null) =>
        With([new FailStep(code, message, retryAfter)]);

    /// <summary>Answers as no gRPC service does, but a proxy may. Only a turn's first step can.</summary>
    public ScriptedTurn Http(int status, string contentType = "text/html", string body = "") =>
        With([new HttpStep(status, contentType, body)]);

    /// <summary>Says nothing, because of what it was asked.</summary>
    public ScriptedTurn BlockPrompt(BlockedReason reason, string message = "", params SafetyRating[] ratings) => With(
    [
        new MessageStep(
        new() { PromptFeedback = new() { BlockReason = reason, BlockReasonMessage = message,
        SafetyRatings = { ratings.Select(rating => rating.Clone()) } } }),
    ]);

    /// <summary>Why it ends, if it is not because all is said.</summary>
    public ScriptedTurn Finish(FinishReason reason, string? message = null) =>
        new(steps, closing with { Reason = reason, Message = message });

    /// <summary>The tokens that it took, in its last message.</summary>
    public ScriptedTurn WithUsage(int input, int output, int total, int cached = 0, int thoughts = 0) => new(steps, closing with
    {
        Usage = NewFields.WithThoughts(
            new UsageMetadata
            {
                PromptTokenCount = input,
                CandidatesTokenCount = output,
                TotalTokenCount = total,
                CachedContentTokenCount = cached
            }, thoughts),
    });

    /// <summary>What it found on the web, in its last message.</summary>
    public ScriptedTurn Sources(params (string Uri, string Title)[] sources) => new(steps, closing with
    {
        Grounding = new()
        {
            GroundingChunks = { sources.Select(
            source => new GroundingChunk { Web = new() { Uri = source.Uri, Title = source.Title } }) }
        },
    });

    /// <summary>Goes on with what another turn does, and ends as that one does.</summary>
    public ScriptedTurn Then(ScriptedTurn next) => new(steps.AddRange(next.steps), next.closing);

    internal async Task RunAsync(Answer answer)
    {
        for (var i = 0; i < steps.Count && answer.End is null; i++)
        {
            if (i == steps.Count - 1 && steps[i] is MessageStep last)
                await answer.SendAsync(closing.With(last.Response));
            else
                await steps[i].RunAsync(answer);
        }
        if (answer.End is null && steps is not [.., MessageStep] && closing.After(steps.LastOrDefault()) is { } end)
            await answer.SendAsync(end);
    }

    private ScriptedTurn With(IEnumerable<Step> next) => new(steps.AddRange(next), closing);

    private ScriptedTurn WithLast(Step step) => new(steps.SetItem(steps.Count - 1, step), closing);
}
