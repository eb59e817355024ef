using System.Globalization;
using Google.Protobuf;

namespace ServerlessA2A.Functions.Tests.Telemetry;

/// <summary>A span as it was exported.</summary>
internal sealed record ReceivedSpan(
    string Service, string Source, string Name, int Kind, string TraceId, string SpanId, string ParentId,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, string> Resource, IReadOnlyList<string> LinkedTraces)
{
    public override string ToString() => $"{Service} {Source} '{Name}' {TraceId} {SpanId} below {ParentId}";
}

/// <summary>Reads as much of OTLP's messages as tests look at, by the numbers of the fields in opentelemetry-proto.</summary>
internal static class OtlpMessages
{
    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ReceivedSpan> Spans(byte[] request) =>
        from resourceSpans in Messages(request, 1)
        let resource = Messages(resourceSpans, 1).SelectMany(each => Attributes(each, 1)).DistinctBy(each => each.Key).ToDictionary()
        from scopeSpans in Messages(resourceSpans, 2)
        let source = Messages(scopeSpans, 1).Select(scope => Text(scope, 1)).FirstOrDefault("")
        from span in Messages(scopeSpans, 2)
        select new ReceivedSpan(
            resource.GetValueOrDefault("service.name", ""), source, Text(span, 5), (int)Number(span, 6), Hex(span, 1), Hex(span, 2),
            Hex(span, 4), Attributes(span, 9).ToDictionary(), resource, [.. Messages(span, 13).Select(link => Hex(link, 1))]);

    /// <summary>The names of the metrics of an ExportMetricsServiceRequest.</summary>
    public static IEnumerable<string> Metrics(byte[] request) =>
        from resourceMetrics in Messages(request, 1)
        from scopeMetrics in Messages(resourceMetrics, 2)
        from metric in Messages(scopeMetrics, 2)
        select Text(metric, 1);

    private static IEnumerable<KeyValuePair<string, string>> Attributes(byte[] message, int field) =>
        Messages(message, field).Select(each => KeyValuePair.Create(Text(each, 1), Value(Messages(each, 2).FirstOrDefault([]))));

    private static string Value(byte[] any) => Fields(any).Select(field => field.Number switch
    {
        1 => System.Text.Encoding.UTF8.GetString(field.Bytes),
        2 => field.Value != 0 ? "true" : "false",
        3 => ((long)field.Value).ToString(CultureInfo.InvariantCulture),
        _ => "?",
    }).FirstOrDefault("");

    private static IEnumerable<byte[]> Messages(byte[] message, int field) =>
        Fields(message).Where(each => each.Number == field).Select(each => each.Bytes);

    private static string Text(byte[] message, int field) =>
        System.Text.Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault([]));

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).FirstOrDefault([]));

    private static ulong Number(byte[] message, int field) => Fields(message).FirstOrDefault(each => each.Number == field).Value;

    private static List<(int Number, byte[] Bytes, ulong Value)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[], ulong)>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            fields.Add(WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.LengthDelimited => (number, input.ReadBytes().ToByteArray(), 0UL),
                WireFormat.WireType.Fixed64 => (number, [], input.ReadFixed64()),
                WireFormat.WireType.Fixed32 => (number, [], input.ReadFixed32()),
                _ => (number, [], input.ReadUInt64()),
            });
        }

        return fields;
    }
}
