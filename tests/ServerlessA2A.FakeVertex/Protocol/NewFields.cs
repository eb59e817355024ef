using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types;

namespace ServerlessA2A.FakeVertex.Protocol;

/// <summary>Fields that the service sends and that Google.Cloud.AIPlatform.V1 does not know yet.</summary>
internal static class NewFields
{
    private const int IdField = 3;

    public static Part Thought(string text) => With(new Part { Text = text }, output => Wire.Number(output, 10, 1));

    public static Part Signed(Part part, byte[] signature) => With(part, output => Wire.Bytes(output, 11, signature));

    public static UsageMetadata WithThoughts(UsageMetadata usage, int tokens) =>
        tokens == 0 ? usage : With(usage, output => Wire.Number(output, 14, tokens));

    public static FunctionCall Identified(FunctionCall call, string id) => With(call, output => Wire.Text(output, IdField, id));

    /// <summary>The id of a call or of a response; empty where there is none.</summary>
    public static string IdOf(IMessage message) => Read(message, IdField)?.ToStringUtf8() ?? "";

    /// <summary>Whether a request asks for a level and a budget of thinking at once.</summary>
    public static bool ThinksTwice(GenerationConfig config)
    {
        var thinking = Read(config, 25)?.ToByteArray() ?? [];
        return Wire.Fields(thinking).Select(field => field.Number).Intersect([3, 4]).Count() == 2;
    }

    /// <summary>The last value of a field that has bytes; null where it is missing.</summary>
    public static ByteString? Read(IMessage message, int number) =>
        Wire.Fields(message.ToByteArray()).Where(field => field.Number == number).Select(field => field.Bytes).LastOrDefault();

    private static T With<T>(T message, Action<CodedOutputStream> write) where T : IMessage<T>
    {
        var changed = message.Clone();
        changed.MergeFrom(Wire.Message(write));
        return changed;
    }
}
