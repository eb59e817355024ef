using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.Chat.Models;

/// <summary>
/// Interprets the failures of any chat client. Clients have no exception in common, but most of their exceptions have the HTTP status in a
/// property <c>Status</c> or <c>StatusCode</c>.
/// </summary>
internal static class ModelFaults
{
    private static readonly string[] Statuses = ["Status", "StatusCode"];

    /// <summary>
    /// The exception for a failure. Its message has no text of the provider, which may quote keys and addresses: that is for the log.
    /// </summary>
    public static ModelException ToException(Exception failure)
    {
        var causes = Causes(failure).ToList();
        if (causes.Select(StatusOf).FirstOrDefault(status => status is not null) is { } status)
        {
            return new ModelException(
                $"The model's service responded with the HTTP status {status}.", status is 408 or 425 or 429 or >= 500, failure);
        }

        return causes.Exists(IsOfNetwork)
            ? new ModelException("The model's service could not be reached, or its answer broke off.", isTransient: true, failure)
            : new ModelException("The model could not be called.", isTransient: false, failure);
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        IEnumerable<Exception> inner = failure is AggregateException several ? several.InnerExceptions
            : failure.InnerException is { } one ? [one] : [];
        foreach (var cause in inner.SelectMany(Causes))
            yield return cause;
    }

    private static bool IsOfNetwork(Exception cause) =>
        cause is HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException;

    private static int? StatusOf(Exception cause) => cause.GetType().GetProperties()
        .Where(property => Statuses.Contains(property.Name) && property.GetIndexParameters().Length == 0)
        .Select(property => property.GetValue(cause) switch { int number => number, HttpStatusCode code => (int)code, _ => 0 })
        .Where(status => status is >= 400 and <= 599).Select(status => (int?)status).FirstOrDefault();
}
