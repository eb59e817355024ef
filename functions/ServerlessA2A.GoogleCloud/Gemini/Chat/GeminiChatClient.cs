using System.Runtime.CompilerServices;
using Google.Cloud.AIPlatform.V1;
using Grpc.Core;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Credentials;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// Gemini on Vertex AI as a chat client. It retries transient failures, with the delay that the service asks for, and continues an
/// interrupted answer without repeating any of it.
/// </summary>
/// <remarks>
/// A conversation that ends with a message of the model is continued in the same way. Function calls are returned only when the answer has
/// ended normally, because those of an interrupted, malformed or truncated answer are void (<see cref="VoidCalls"/>).
/// <see cref="UsageContent"/> comes last, once per call to the service.
/// </remarks>
public sealed class GeminiChatClient : IChatClient
{
    /// <summary>The key of an update's additional property with the finish reason in the API's words, such as MAX_TOKENS.</summary>
    public const string FinishReason = "finishReason";

    /// <summary>The key of the service's message about the end, if there is one.</summary>
    public const string FinishMessage = "finishMessage";

    /// <summary>The key of the reason why the prompt was blocked, in the API's words, if it was.</summary>
    public const string BlockReason = "blockReason";

    /// <summary>The key of the harm categories for which the prompt or the answer was blocked: a list of texts.</summary>
    public const string BlockedCategories = "blockedCategories";

    /// <summary>
    /// The key of the names of the functions that the model called in an answer that did not end with STOP: a list of texts. These calls
    /// are not returned, because they may be truncated or garbled.
    /// </summary>
    public const string VoidCalls = "voidCalls";

    /// <summary>The key of the model's web searches: a list of texts.</summary>
    public const string SearchQueries = "searchQueries";

    private readonly GeminiSettings _settings;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly Func<Task<PredictionServiceClient>> _connect;
    private Lazy<Task<PredictionServiceClient>> _client;

    /// <summary>Creates a chat client on a client of the service.</summary>
    /// <param name="client">The service's client.</param>
    /// <param name="settings">The model, and the settings of every call.</param>
    /// <param name="time">The clock. Default: the system's.</param>
    public GeminiChatClient(PredictionServiceClient client, GeminiSettings settings, TimeProvider? time = null)
        : this(() => System.Threading.Tasks.Task.FromResult(client), settings, time ?? TimeProvider.System, Random.Shared.NextDouble)
    {
    }

    internal GeminiChatClient(Func<Task<PredictionServiceClient>> connect, GeminiSettings settings, TimeProvider time, Func<double> random)
    {
        (_connect, _settings, _time, _random) = (connect, settings, time, random);
        _client = new Lazy<Task<PredictionServiceClient>>(connect);
    }

    /// <inheritdoc/>
    /// <exception cref="GeminiException">The call failed after its retries.</exception>
    /// <exception cref="NotSupportedException">Something in the conversation or the options has no form in Gemini's API.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = GeminiRequest.From(messages, options, _settings, this);
        var said = AnswerSoFar.TakeFrom(request);
        var tries = new GeminiTries(_settings, request, _time, _random);
        while (true)
        {
            using var call = new GeminiCall(_settings.SilenceLimit, _time, cancellationToken);
            try
            {
                var answer = new GeminiAnswer();
                var update = answer.Add(await call.GenerateAsync(await ConnectAsync(cancellationToken), said.Continue(request)));
                said.Align(update, isFinal: true);
                if (answer.Usage() is { } usage)
                    update.Contents.Add(usage);
                return new[] { update }.ToChatResponse();
            }
            catch (RpcException failure)
            {
                await tries.WaitAsync(failure, cancellationToken);
            }
        }
    }

    /// <inheritdoc cref="GetResponseAsync"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = GeminiRequest.From(messages, options, _settings, this);
        var said = AnswerSoFar.TakeFrom(request);
        var tries = new GeminiTries(_settings, request, _time, _random);
        while (true)
        {
            var answer = new GeminiAnswer();
            var calls = new List<AIContent>();
            using var call = new GeminiCall(_settings.SilenceLimit, _time, cancellationToken);
            RpcException? failure = null;
            var isFinal = false;
            while (true)
            {
                GenerateContentResponse? response = null;
                try
                {
                    if (!call.IsStreaming)
                        call.Stream(await ConnectAsync(cancellationToken), said.Continue(request));
                    response = await call.NextAsync(isFinal);
                }
                catch (RpcException broken)
                {
                    failure = broken;
                }

                if (response is null)
                    break;
                var update = answer.Add(response);
                isFinal |= GeminiAnswer.IsFinal(response);
                said.Align(update, isFinal: false);
                said.Add(update.Contents);
                Move<FunctionCallContent>(update.Contents, calls);
                if (update.Contents.Count > 0)
                    tries.MadeProgress();
                if (update.Contents.Count > 0 || update.FinishReason is not null)
                    yield return update;
            }

            // Anything after the end, including a failure, leaves the answer unchanged. The cost of an interrupted call is known only if it
            // was reported.
            var end = new ChatResponseUpdate(ChatRole.Assistant, isFinal && !answer.IsVoid ? calls : []);
            if (isFinal)
                said.Align(end, isFinal: true);
            if (answer.Usage() is { } usage)
                end.Contents.Add(usage);
            if (end.Contents.Count > 0)
                yield return end;
            if (isFinal)
                yield break;
            await tries.WaitAsync(failure ?? GeminiCall.BrokenOff(), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public object? GetService(System.Type serviceType, object? serviceKey = null)
    {
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return new ChatClientMetadata("gcp.vertex_ai", new Uri($"https://{_settings.DefaultEndpoint}"), _settings.Model);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: the channel belongs to the shared client.</summary>
    public void Dispose()
    {
    }

    /// <summary>Holds back function calls until the answer has ended.</summary>
    private static void Move<T>(IList<AIContent> from, List<AIContent> to)
        where T : AIContent
    {
        foreach (var content in from.OfType<T>().ToList())
        {
            to.Add(content);
            from.Remove(content);
        }
    }

    /// <summary>Returns the service's client.</summary>
    /// <exception cref="RpcException">The client could not be built for a transient reason: the call is retried.</exception>
    /// <exception cref="GeminiException">The client could not be built: credentials are missing, or settings are invalid.</exception>
    private async Task<PredictionServiceClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var client = _client;
        try
        {
            // Other callers may wait for the same client, so no single caller's token may cancel it.
            return await client.Value.WaitAsync(_settings.SilenceLimit, _time, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A failure may be temporary, for example until an operator sets up credentials.
            Interlocked.CompareExchange(ref _client, new Lazy<Task<PredictionServiceClient>>(_connect), client);
            if (failure is RpcException)
                throw;
            if (CredentialFaults.IsTransient(failure))
                throw new RpcException(new Status(StatusCode.Unavailable, $"Vertex AI cannot be called: {failure.Message}", failure));
            throw new GeminiException(
                $"Vertex AI cannot be called: {failure.Message} {DefaultCredential.Remedy}",
                StatusCode.Unauthenticated, isTransient: false, failure);
        }
    }
}
