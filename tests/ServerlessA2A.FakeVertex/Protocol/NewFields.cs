using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using static Google.Cloud.AIPlatform.V1.GenerateContentResponse.Types;

namespace ServerlessA2A.FakeVertex.Protocol;

/// <summary>Fields that the service sends and that Google.Cloud.AIPlatform.V1 does not know yet.</summary>
internal static class NewFields
{
    public static Part Thought(string text) => With(new Part { Text = text }, output => Wire.Number(output, 10, 1));

    public static Part Signed(Part part, byte[] signature) => With(part, output => Wire.Bytes(output, 11, signature));

    public static UsageMetadata WithThoughts(UsageMetadata usage, int tokens) => tokens == 0 ? usage : With(usage, output => Wire.Number(output, 14, tokens));

    private static T With<T>(T message, Action<CodedOutputStream> write) where T : IMessage<T>
    {
        var changed = message.Clone();
        changed.MergeFrom(Wire.Message(write));
        return changed;
    }
}
