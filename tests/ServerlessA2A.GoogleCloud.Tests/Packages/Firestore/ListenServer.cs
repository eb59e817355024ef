using System.Buffers.Binary;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

/// <summary>In the place of the service's Listen, which a test answers message by message.</summary>
internal sealed class ListenServer : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly Channel<Stream> streams = Channel.CreateUnbounded<Stream>();

    private ListenServer(WebApplication server) => this.server = server;

    public string Address => server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<ListenServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            options => options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var listening = new ListenServer(builder.Build());
        listening.server.MapPost("/google.firestore.v1.Firestore/Listen", async context =>
        {
            context.Response.ContentType = "application/grpc";
            var stream = new Stream(context, await ReadTokenAsync(context.Request.Body));
            await listening.streams.Writer.WriteAsync(stream);
            await stream.Ended;
        });
        await listening.server.StartAsync();
        return listening;
    }

    /// <summary>The next stream that a client opens.</summary>
    public Task<Stream> NextAsync() => streams.Reader.ReadAsync().AsTask().WaitAsync(Guard.Limit);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task<string?> ReadTokenAsync(System.IO.Stream body)
    {
        var header = new byte[5];
        await body.ReadExactlyAsync(header);
        var request = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1))];
        await body.ReadExactlyAsync(request);
        return Field(Field(request, 2)!, 4) is { } token ? System.Text.Encoding.UTF8.GetString(token) : null;
    }

    private static byte[]? Field(byte[] message, int number)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number)
                return input.ReadBytes().ToByteArray();
            input.SkipLastField();
        }
        return null;
    }

    internal sealed class Stream(HttpContext context, string? token)
    {
        private readonly TaskCompletionSource ended = new();

        /// <summary>Where the client asks to go on.</summary>
        public string? Token { get; } = token;

        public Task Ended => ended.Task;

        public Task AddAsync() => TargetAsync(1);

        public Task CurrentAsync() => TargetAsync(3);

        public Task ResetAsync() => TargetAsync(4);

        /// <summary>All is known as of that second.</summary>
        public Task SnapshotAsync(int second, string token) => SendAsync(2, change =>
        {
            Bytes(change, 4, ByteString.CopyFromUtf8(token));
            Message(change, 6, time => Number(time, 1, second));
        });

        public Task DocumentAsync(string name, int second) => SendAsync(3, change =>
        {
            Message(change, 1, document =>
            {
                Bytes(document, 1, ByteString.CopyFromUtf8(name));
                Message(document, 3, time => Number(time, 1, 1));
                Message(document, 4, time => Number(time, 1, second));
            });
            Number(change, 5, 1);
        });

        /// <summary>How many documents the client should know.</summary>
        public Task FilterAsync(int count) => SendAsync(5, filter => Number(filter, 2, count));

        public async Task SendMalformedAsync()
        {
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 0xff, 0xff });
            await context.Response.Body.FlushAsync();
        }

        public void Break()
        {
            context.Abort();
            ended.SetResult();
        }

        public void End(int status)
        {
            context.Response.AppendTrailer("grpc-status", $"{status}");
            context.Response.AppendTrailer("grpc-message", "so%20be%20it");
            ended.SetResult();
        }

        private Task TargetAsync(int type) => SendAsync(2, change =>
        {
            Number(change, 1, type);
            Number(change, 2, 1);
        });

        private async Task SendAsync(int field, Action<CodedOutputStream> write)
        {
            var message = Written(output => Message(output, field, write)).ToByteArray();
            var frame = new byte[5 + message.Length];
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
            message.CopyTo(frame, 5);
            await context.Response.Body.WriteAsync(frame);
            await context.Response.Body.FlushAsync();
        }

        private static ByteString Written(Action<CodedOutputStream> write)
        {
            using var buffer = new MemoryStream();
            using (var output = new CodedOutputStream(buffer, leaveOpen: true))
                write(output);
            return ByteString.CopyFrom(buffer.ToArray());
        }

        private static void Number(CodedOutputStream output, int field, long value)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt64(value);
        }

        private static void Bytes(CodedOutputStream output, int field, ByteString value)
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(value);
        }

        private static void Message(CodedOutputStream output, int field, Action<CodedOutputStream> write) =>
            Bytes(output, field, Written(write));
    }
}
