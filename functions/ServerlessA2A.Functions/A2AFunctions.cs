using Google.Cloud.Functions.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions.Local;
using ServerlessA2A.GoogleCloud.Gemini.Tools;

namespace ServerlessA2A.Functions;

/// <summary>Starts the functions: the one line of a program that brings its own agent.</summary>
public static class A2AFunctions
{
    /// <summary>
    /// Runs the agent. With a target (<c>FUNCTION_TARGET</c> or <c>--target</c>, as Cloud Run functions sets it) this is that one
    /// function; without one it is the local host, with all of them.
    /// </summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="replies">
    /// Whether the agent may answer with a message instead of a task (<see cref="AgentUpdate.Replied"/>). Default: the setting
    /// <c>A2A:Agent:Replies</c>.
    /// </param>
    /// <returns>The exit code of the process: 0 when it was told to end.</returns>
    public static Task<int> RunAsync<TAgent>(string[] args, bool replies = false)
        where TAgent : class, IAgent => RunAsync(args, services => services.AddAgent<TAgent>(replies));

    /// <summary>The same with services of one's own: an agent, or tools for the one that ships (<see cref="ToolServiceCollectionExtensions"/>).</summary>
    public static Task<int> RunAsync(string[] args, Action<IServiceCollection> addOwn)
    {
        Startup.AddOwn = addOwn;
        return RunAsync(args);
    }

    /// <summary>The same with the agent that ships: Gemini where <c>A2A:Gemini:Model</c> names a model, one that says that it is none otherwise.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // Watching the current directory for changed settings costs 200 ms of start in a big one; the program's own lie beside it.
        SetUnlessSet("DOTNET_hostBuilder__reloadConfigOnChange", "false");
        SetUnlessSet("DOTNET_CONTENTROOT", AppContext.BaseDirectory);
        try
        {
            return await (HasTarget(args) ? EntryPoint.StartAsync(typeof(A2AFunctions).Assembly, args) : LocalHost.RunAsync(args));
        }
        catch (Exception exception) when (StartFaults.Describe(exception) is { } faults)
        {
            foreach (var fault in faults)
                await Console.Error.WriteLineAsync(fault);
            return 1;
        }
    }

    /// <summary>A target is named by the environment, by <c>--target</c>, or by being the only argument.</summary>
    private static bool HasTarget(string[] args) =>
        !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EntryPoint.FunctionTargetEnvironmentVariable)) ||
        (args is [var only] && !only.StartsWith('-')) ||
        Array.Exists(args, arg => arg == "--target" || arg.StartsWith("--target=", StringComparison.Ordinal));

    private static void SetUnlessSet(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null)
            Environment.SetEnvironmentVariable(name, value);
    }
}
