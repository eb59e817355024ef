using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Google.Cloud.Functions.Testing;

/// <summary>The category of a type is not quite its full name, and only the logging library knows the rule; so it is asked.</summary>
internal static class CategoryNames
{
    public static string Of(Type type)
    {
        using var listener = new Listener();
        listener.CreateLogger(type);
        return listener.Name;
    }

    private sealed class Listener : ILoggerFactory
    {
        public string Name { get; private set; } = "";

        public ILogger CreateLogger(string categoryName)
        {
            Name = categoryName;
            return NullLogger.Instance;
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Only the name of a category is listened for.");

        public void Dispose()
        {
        }
    }
}
