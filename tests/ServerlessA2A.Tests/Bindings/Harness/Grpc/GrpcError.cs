using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Google.Rpc;
using Grpc.Core;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Tests.Bindings.Harness.Grpc;

/// <summary>An error of gRPC as HTTP+JSON has it. Where that cannot be, the test fails.</summary>
internal static class GrpcError
{
    public static (HttpStatusCode Status, string Json, string? RetryAfter) Read(RpcException exception, ProtocolVersion version)
    {
        if (exception.Trailers.GetValueBytes("grpc-status-details-bin") is not { } bytes)
            throw new InvalidOperationException("An error without details.", exception);
        var details = Google.Rpc.Status.Parser.ParseFrom(bytes);
        var info = details.Details[0].Unpack<ErrorInfo>();
        var error = A2AError.All.First(each => each.Reason == info.Reason);
        Assert.Equal((int)exception.StatusCode, details.Code);
        Assert.Equal(exception.Status.Detail, details.Message);
        Assert.Equal("a2a-protocol.org", info.Domain);
        var isOlder = version == ProtocolVersion.V0_3 &&
            (error == A2AError.PushNotificationNotSupported || error == A2AError.UnsupportedOperation);
        var name = exception.StatusCode.ToString();
        Assert.Equal(isOlder ? "UNIMPLEMENTED" : error.RpcStatus, string.Concat(name.Select((letter, i) =>
            i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}")));

        var violations = details.Details.Where(each => each.Is(BadRequest.Descriptor))
            .SelectMany(each => each.Unpack<BadRequest>().FieldViolations);
        var restored = new A2AException(error, details.Message)
        {
            FieldViolations = [.. violations.Select(each => new FieldViolation(each.Field, each.Description))],
            Metadata = new Dictionary<string, string>(info.Metadata),
        };
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ProtocolJson.WriterOptions))
            (version == ProtocolVersion.V1_0 ? HttpJsonEnvelope.V1_0 : HttpJsonEnvelope.V0_3).WriteError(writer, restored);
        var retry = details.Details.FirstOrDefault(each => each.Is(RetryInfo.Descriptor))?.Unpack<RetryInfo>().RetryDelay.ToTimeSpan();
        return (
            (HttpStatusCode)error.HttpStatus,
            Encoding.UTF8.GetString(buffer.WrittenSpan),
            retry is { } delay ? Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null);
    }
}
