using ServerlessA2A.Agents;

namespace ServerlessA2A.Functions;

/// <summary>Starts the functions: the entry point of a program with its own agent.</summary>
/// <remarks>
/// With a function target (<c>FUNCTION_TARGET</c>, as Cloud Run functions sets it, or <c>--target</c>) the process serves that one
/// function. Without one it is the local host, which serves all functions.
/// </remarks>
public static class A2AFunctions
{
    /// <summary>Creates a builder whose configuration is loaded from <c>appsettings.json</c>, the environment and the arguments.</summary>
    public static A2AFunctionsBuilder CreateBuilder(string[] args) => new(args);

    /// <summary>Runs one agent with default services.</summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="replies">
    /// Whether the agent may answer with a message instead of a task (<see cref="ReplyUpdate"/>). Default: the setting
    /// <c>A2A:Agent:Replies</c>.
    /// </param>
    /// <returns>The exit code of the process: 0 after a normal shutdown, 1 if the configuration is invalid.</returns>
    public static Task<int> RunAsync<TAgent>(string[] args, bool replies = false)
        where TAgent : class, IAgent
    {
        var builder = CreateBuilder(args);
        builder.AddAgent<TAgent>(replies);
        return builder.Build().RunAsync();
    }

    /// <summary>Runs the built-in agent: Gemini if <c>A2A:Gemini:Model</c> names a model, the offline agent otherwise.</summary>
    /// <inheritdoc cref="RunAsync{TAgent}(string[], bool)"/>
    public static Task<int> RunAsync(string[] args) => CreateBuilder(args).Build().RunAsync();
}
