using System.Diagnostics;
using OpenTelemetry;

namespace ServerlessA2A.Functions.Telemetry;

/// <summary>Drops the HTTP requests that gRPC calls are made of: the call has a span already, with a name and an outcome that say more.</summary>
internal sealed class GrpcRequests : BaseProcessor<Activity>
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data is { Source.Name: "System.Net.Http", Parent.OperationName: "Grpc.Net.Client.GrpcOut" })
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
