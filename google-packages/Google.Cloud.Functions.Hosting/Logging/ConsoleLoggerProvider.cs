using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Hosting.Logging;

internal sealed class ConsoleLoggerProvider(bool json) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) =>
        json ? new JsonConsoleLogger(categoryName, Console.Out, scopes) : new SimpleConsoleLogger(categoryName, Console.Out, scopes);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }
}
