using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>What protoc gives every message, and every file of messages. The list leaves it out, in the real package as here.</summary>
internal static class GeneratedMembers
{
    private const string FieldNumber = "FieldNumber";

    public static bool IsReflectionOfAFile(Type type) =>
        type is { IsAbstract: true, IsSealed: true }
        && type.Name.EndsWith("Reflection", StringComparison.Ordinal)
        && ApiLines.Members(type).SequenceEqual([$"static {ApiLines.Name(typeof(FileDescriptor))} Descriptor {{ get; }}"]);

    public static bool Includes(Type type, string member)
    {
        if (!typeof(IMessage).IsAssignableFrom(type))
            return false;
        var name = ApiLines.Name(type);
        return IsNumberOfAField(type, member) || member == $"static Google.Protobuf.MessageParser<{name}> Parser {{ get; }}" || member == $"virtual {name} Clone()"
            || member == $"virtual System.Boolean Equals({name})" || member == $"virtual System.Void MergeFrom({name})" || member is
                "static Google.Protobuf.Reflection.MessageDescriptor Descriptor { get; }"
                or "virtual System.Boolean Equals(System.Object)"
                or "virtual System.Int32 GetHashCode()"
                or "virtual System.String ToString()"
                or "virtual System.Void WriteTo(Google.Protobuf.CodedOutputStream)"
                or "virtual System.Int32 CalculateSize()"
                or "virtual System.Void MergeFrom(Google.Protobuf.CodedInputStream)";
    }

    private static bool IsNumberOfAField(Type type, string member) =>
        member.Split(' ') is ["const", "System.Int32", var constant]
        && constant.EndsWith(FieldNumber, StringComparison.Ordinal)
        && type.GetProperty(constant[..^FieldNumber.Length], BindingFlags.Public | BindingFlags.Instance) is not null;
}
