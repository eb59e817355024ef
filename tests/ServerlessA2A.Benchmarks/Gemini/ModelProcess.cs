using System.Diagnostics;
using System.Globalization;
using ServerlessA2A.FakeVertex;

namespace ServerlessA2A.Benchmarks.Gemini;

/// <summary>
/// The fake model in a process of its own, so that what it takes is not counted here. It says as many chunks as it is asked for.
/// </summary>
internal sealed class ModelProcess : IDisposable
{
    /// <summary>The command that is this program as the model.</summary>
    public const string Command = "gemini-model";

    private readonly Process _process;

    private ModelProcess(Process process, string endpoint) => (_process, Model) = (process, new Model(endpoint));

    public Model Model { get; }

    public static ModelProcess Start()
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ModelProcess).Assembly.Location, Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new ModelProcess(
            process, process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The model did not start."));
    }

    /// <summary>What asks the model for so many chunks, and so much time between them.</summary>
    public static string Ask(int chunks, int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{chunks} {milliseconds}");

    /// <summary>Is the model until the standard input ends, as it does with the process that has started this one.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var model = await FakeVertexAI.StartAsync();
        model.Answer = request => Answer(request.Contents[^1].Parts[0].Text);
        Console.WriteLine(model.Endpoint);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ScriptedTurn Answer(string question)
    {
        var asked = Array.ConvertAll(question.Split(' '), number => int.Parse(number, CultureInfo.InvariantCulture));
        var chunks = Enumerable.Range(0, asked[0])
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"This is chunk {number:D5}. ")).ToArray();
        return asked[1] == 0
            ? ModelTurn.Say(chunks)
            : chunks.Select((chunk, i) => ModelTurn.Wait(Task.Delay(i * asked[1])).Say(chunk)).Aggregate((turn, next) => turn.Then(next));
    }
}
