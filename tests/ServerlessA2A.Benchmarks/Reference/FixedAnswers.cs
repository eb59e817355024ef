namespace ServerlessA2A.Benchmarks.Reference;

internal static class FixedAnswers
{
    private static readonly FixedAnswer Task = new("GetTask", "application/json");
    private static readonly FixedAnswer BlockingSend = new("SendMessage", "application/json");
    private static readonly FixedAnswer ImmediateSend = new("SendMessage-returnImmediately", "application/json");
    private static readonly FixedAnswer Stream = new("SendStreamingMessage", "text/event-stream");

    public static FixedAnswer Card { get; } = new("card", "application/json");

    public static FixedAnswer For(ReadOnlySpan<byte> request) =>
        request.IndexOf("\"GetTask\""u8) >= 0 ? Task
        : request.IndexOf("\"SendStreamingMessage\""u8) >= 0 ? Stream
        : request.IndexOf("\"returnImmediately\""u8) >= 0 ? ImmediateSend
        : BlockingSend;
}
