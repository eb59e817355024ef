using Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.FakeVertex;

/// <summary>A call that a client made.</summary>
public sealed class ModelCall
{
    private readonly TaskCompletionSource<CallEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ModelCall(GenerateContentRequest request, bool isStreaming, IReadOnlyDictionary<string, string> headers) =>
        (Request, IsStreaming, Headers) = (request, isStreaming, headers);

    public GenerateContentRequest Request { get; }

    /// <summary>Whether it is StreamGenerateContent; otherwise it is GenerateContent.</summary>
    public bool IsStreaming { get; }

    /// <summary>By their names, in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>How it ended, once it has.</summary>
    public Task<CallEnd> Ended => ended.Task;

    internal void End(CallEnd end) => ended.TrySetResult(end);
}
