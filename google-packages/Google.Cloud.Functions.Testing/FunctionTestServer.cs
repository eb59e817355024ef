using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Google.Cloud.Functions.Testing;

/// <summary>A function with its whole pipeline, in memory.</summary>
public class FunctionTestServer : IDisposable
{
    private readonly MemoryLoggerProvider logs;

    public FunctionTestServer(Type functionTarget) : this(functionTarget, null)
    {
    }

    /// <param name="functionTarget">The function.</param>
    /// <param name="attributedStartupType">A type, usually the test class, whose startup attributes, if there are any, replace those of the function.</param>
    public FunctionTestServer(Type functionTarget, Type? attributedStartupType)
        : this(FunctionTestServerBuilder.Create(functionTarget).MaybeUseFunctionsStartupsFromAttributes(attributedStartupType).BuildHost(), functionTarget)
    {
    }

    internal FunctionTestServer(IHost host, Type functionTarget)
    {
        Host = host;
        Server = host.GetTestServer();
        FunctionTarget = functionTarget;
        logs = host.Services.GetRequiredService<MemoryLoggerProvider>();
    }

    public IHost Host { get; }

    public TestServer Server { get; }

    public Type FunctionTarget { get; }

    public HttpClient CreateClient() => Server.CreateClient();

    public List<TestLogEntry> GetFunctionLogEntries() => GetLogEntries(FunctionTarget);

    public List<TestLogEntry> GetLogEntries(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return GetLogEntries(CategoryNames.Of(type));
    }

    public List<TestLogEntry> GetLogEntries(string categoryName) => logs.GetLogEntries(categoryName);

    public void ClearLogs() => logs.Clear();

    public void Dispose()
    {
        Host.Dispose();
        GC.SuppressFinalize(this);
    }
}
