using ServerlessA2A.Benchmarks;
using ServerlessA2A.Benchmarks.Callers;
using ServerlessA2A.Benchmarks.Calls;
using ServerlessA2A.Benchmarks.Deployed;
using ServerlessA2A.Benchmarks.Emulators;
using ServerlessA2A.Benchmarks.Gemini;
using ServerlessA2A.Benchmarks.Grpc;
using ServerlessA2A.Benchmarks.Measures;
using ServerlessA2A.Benchmarks.Scale;
using ServerlessA2A.Benchmarks.Servers;
using ServerlessA2A.Benchmarks.Stores;
using ServerlessA2A.Benchmarks.Webhooks;

if (args is [ModelProcess.Command])
    return await ModelProcess.ServeAsync();
if (args is [AbuserProcess.Command, ..])
    return AbuserProcess.Send(args[1..]);
if (Options.Parse(args) is not { } options)
    return 2;
var report = new Report();
if (options.OnEmulators || options.OnGemini || options.OnWebhooks || options.OnCallers || options.OnStores || options.OnPayloads ||
    options.OnDeployed || options.OnScale || options.OnClient)
{
    Console.WriteLine(Report.Head);
    if (options.OnEmulators)
        await EmulatorMeasure.RunAsync(options, report);
    if (options.OnGemini)
        await GeminiMeasure.RunAsync(options, report);
    if (options.OnWebhooks)
    {
        await WebhookLoad.RunAsync(options, report);
        await WebhookDelay.RunAsync(report);
    }

    if (options.OnCallers)
        await OwnershipMeasure.RunAsync(options, report);

    if (options.OnStores)
        await StoreMeasure.RunAsync(options, report);
    if (options.OnPayloads)
        await PayloadMeasure.RunAsync(options, report);
    if (options.OnDeployed)
        await LoadMeasure.RunAsync(options, report);
    if (options.OnClient)
        await ClientMeasure.RunAsync(options, report);
    if (options.OnScale)
        ScaleMeasure.Run(report);

    return report.Conclude();
}

// The client has a core of its own, and so has the server: neither takes time from the other.
if (await Pinning.RunPinnedAsync(args) is { } exitCode)
    return exitCode;

var programs = await Programs.PublishAsync(options);
Console.WriteLine(Pinning.IsPinned ? "Server and client on a core each." : "Not pinned (no taskset, or one core only): expect noise.");
Console.WriteLine(Report.Head);
if (options.Has("start"))
    StartMeasure.Run(programs, options, report);
if (options.Has("throughput"))
    ThroughputMeasure.Run(programs, options, report);
if (options.Has("processor"))
    ProcessorMeasure.Run(programs, options, report);
if (options.Has("latency"))
    LatencyMeasure.Run(programs, options, report);
if (options.Has("memory"))
    MemoryMeasure.Run(programs, options, report);
if (options.Has("allocations"))
    await AllocationMeasure.RunAsync(report);
if (options.Has("grpc"))
    await GrpcMeasure.RunAsync(programs, options, report);
if (options.Has("neighbours"))
    NeighbourMeasure.Run(programs, options, report);
return report.Conclude();
