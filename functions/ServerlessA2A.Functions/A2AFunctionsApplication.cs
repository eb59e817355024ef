using ServerlessA2A.Functions.Local;

namespace ServerlessA2A.Functions;

/// <summary>A program that is ready to run: one function, or all functions in the local host.</summary>
public sealed class A2AFunctionsApplication
{
    private readonly A2AFunctionsBuilder _builder;
    private readonly string[] _args;

    internal A2AFunctionsApplication(A2AFunctionsBuilder builder, string[] args) => (_builder, _args) = (builder, args);

    /// <summary>
    /// Runs until shutdown is requested. Configuration errors are written to standard error, one per line, and set the exit code of the
    /// process to 1. With the argument <c>--migrate</c> it creates or migrates the tables in PostgreSQL and ends.
    /// </summary>
    /// <returns>The exit code: 0 after a normal shutdown.</returns>
    public async Task<int> RunAsync()
    {
        try
        {
            if (_builder.Local.Help)
            {
                await Console.Out.WriteLineAsync(LocalArguments.HelpText);
                return 0;
            }

            if (LocalHost.IsMigration(_args))
                return await LocalHost.MigrateAsync(_builder);
            return await (_builder.HasTarget ? FunctionHost.RunAsync(_builder) : LocalHost.RunAsync(_builder));
        }
        catch (Exception exception) when (StartFaults.Describe(exception) is { } faults)
        {
            foreach (var fault in faults)
                await Console.Error.WriteLineAsync(fault);
            return Environment.ExitCode = 1;
        }
    }
}
