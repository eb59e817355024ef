namespace ServerlessA2A.Benchmarks.Reference;

internal sealed class FixedAnswer(string file, string contentType)
{
    // The benchmark puts ours there, so that both send the same bytes. Until then (a start that is timed) any small body does.
    private static readonly string? Folder = Environment.GetEnvironmentVariable("REFERENCE_ANSWERS");
    private byte[]? _body;

    public string ContentType { get; } = contentType;

    public bool IsStream => ContentType == "text/event-stream";

    public ReadOnlyMemory<byte> Body => _body ??= Folder is null ? "{}"u8.ToArray() : File.ReadAllBytes(Path.Combine(Folder, file));
}
