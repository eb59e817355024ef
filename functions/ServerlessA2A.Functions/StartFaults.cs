using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Functions;

/// <summary>Start faults for the user: one line per fault instead of a stack trace.</summary>
internal static class StartFaults
{
    /// <summary>The lines; null for an exception that is not about settings or arguments and needs its stack trace.</summary>
    public static IReadOnlyList<string>? Describe(Exception exception) => exception switch
    {
        StartFaultException fault => [fault.Message],
        TaskStoreException store => [store.Message],
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several => Together(several.InnerExceptions),
        // A value of the wrong type: the message names the setting and the value.
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } wrongType =>
            [wrongType.Message],
        // An invalid address (--urls).
        FormatException wrongAddress => [wrongAddress.Message],
        IOException { InnerException: AddressInUseException } inUse =>
            [$"{inUse.Message} Choose another port with PORT=8081 or --urls http://localhost:8081."],
        _ => null,
    };

    private static List<string>? Together(IEnumerable<Exception> exceptions)
    {
        var lines = new List<string>();
        foreach (var exception in exceptions)
        {
            if (Describe(exception) is not { } more)
                return null;
            // Settings that are checked against others report the faults of those too.
            lines.AddRange(more.Except(lines));
        }

        return lines;
    }
}
