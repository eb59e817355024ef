using System.Text.Json;
using ServerlessA2A.Benchmarks.Client;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Measures;

/// <summary>Both servers, with the reference answering what ours answers, byte for byte.</summary>
internal sealed class Pair : IDisposable
{
    private readonly string _answers = Directory.CreateTempSubdirectory("a2a-benchmarks-").FullName;

    public Pair(Programs programs, ServerProgram? ours = null)
    {
        Ours = RunningServer.Start(ours ?? programs.Ours, Request.Card);
        Reference = RunningServer.Start(
            programs.Reference with { Variables = [.. programs.Reference.Variables, ("REFERENCE_ANSWERS", _answers)] }, Save(Request.Card));
    }

    public RunningServer Ours { get; }

    public RunningServer Reference { get; }

    /// <summary>A poll of a task that is done and kept.</summary>
    public Request GetFinishedTask()
    {
        using var connection = Ours.Connect();
        using var answer = JsonDocument.Parse(connection.Exchange(Request.BlockingSend).ToArray());
        return Request.GetTask(answer.RootElement.GetProperty("result").GetProperty("task").GetProperty("id").GetString()!);
    }

    /// <summary>Gives the reference our answer to a request.</summary>
    public Request Save(Request request)
    {
        using var connection = Ours.Connect();
        var body = connection.Exchange(request);
        File.WriteAllBytes(Path.Combine(_answers, request.Name), request == Request.Stream ? Chunks.Join(body) : body.ToArray());
        return request;
    }

    public void Dispose()
    {
        Ours.Dispose();
        Reference.Dispose();
        Directory.Delete(_answers, recursive: true);
    }
}
