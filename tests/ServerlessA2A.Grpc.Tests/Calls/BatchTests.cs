using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Hosting;

namespace ServerlessA2A.Grpc.Tests.Calls;

/// <summary>How much of a stream leaves together.</summary>
public class BatchTests
{
    [Fact]
    public async Task ManyItemsThatAreReadyLeaveInBatchesOfLimitedSize()
    {
        var batches = new List<int>();
        await using var host = await WebHost.StartAsync(
            new ScriptedAgent(),
            app =>
            {
                app.Use(async (context, next) =>
                {
                    var body = new StreamResponseBodyFeature(new BatchRecorder(context.Response.Body, batches));
                    context.Features.Set<IHttpResponseBodyFeature>(body);
                    await next(context);
                    await body.CompleteAsync();
                });
                app.MapA2AGrpc();
            },
            services => services.AddA2AGrpc());
        using var channel = host.NewChannel();
        using var stream = new V1.A2AService.A2AServiceClient(channel).SendStreamingMessage(new()
        {
            Message = new() { MessageId = "m", Role = V1.Role.User, Parts = { new V1.Part { Text = "long:1000000" } } },
        });

        var length = 0;
        await foreach (var item in stream.ResponseStream.ReadAllAsync())
        {
            if (item.ArtifactUpdate is { Artifact: { ArtifactId: "long" } artifact })
                length += artifact.Parts.Sum(part => part.Text.Length);
        }

        Assert.Equal(1_000_000, length);
        Assert.InRange(batches.Max(), 1, 64 * 1024);
    }

    /// <summary>Passes on what is written, and records how much comes between two flushes.</summary>
    private sealed class BatchRecorder(Stream inner, List<int> batches) : MemoryStream
    {
        private int _size;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _size += buffer.Length;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            batches.Add(_size);
            _size = 0;
            return inner.FlushAsync(cancellationToken);
        }
    }
}
