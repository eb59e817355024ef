using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>What protoc generates for every message, file and service. The list leaves it out; the real packages have it as well.</summary>
internal static class GeneratedMembers
{
    private const string FieldNumber = "FieldNumber";

    public static bool IsReflectionOfAFile(Type type) =>
        type is { IsAbstract: true, IsSealed: true }
        && type.Name.EndsWith("Reflection", StringComparison.Ordinal)
        && ApiLines.Members(type).SequenceEqual([$"static {ApiLines.Name(typeof(FileDescriptor))} Descriptor {{ get; }}"]);

    /// <summary>A service's gRPC client, whose methods are those of the service.</summary>
    public static bool IsGrpcClient(Type type) =>
        type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(ClientBase<>) &&
            type.Name == type.DeclaringType?.Name + "Client";

    public static bool Includes(Type type, string member)
    {
        if (type is { IsAbstract: true, IsSealed: true } && type.GetNestedType(type.Name + "Client") is { } client && IsGrpcClient(client))
            return member == $"static {ApiLines.Name(typeof(ServiceDescriptor))} Descriptor {{ get; }}";
        if (!typeof(IMessage).IsAssignableFrom(type))
            return false;
        var name = ApiLines.Name(type);
        return IsNumberOfAField(type, member) || member == $"static Google.Protobuf.MessageParser<{name}> Parser {{ get; }}" ||
            member == $"virtual {name} Clone()"
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
