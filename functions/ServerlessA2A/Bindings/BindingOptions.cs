using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Bindings;

/// <summary>The limits and times of requests, and the form of the card: the section <c>A2A:Http</c>.</summary>
public sealed class BindingOptions
{
    /// <summary>The largest request body that is read, in bytes, as it is sent and decompressed too; a larger one answers 413.</summary>
    /// <value>10 MiB unless set; 1 KiB to 32 MiB, which is what Cloud Run lets through.</value>
    public int MaxRequestBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>
    /// How long a blocking send waits and a stream stays open. Then the send answers with the task as it stands, and the stream ends
    /// cleanly. Keep it under the function's own time limit (<c>--timeout</c>), which cuts the connection.
    /// </summary>
    /// <value>55 seconds unless set, for Cloud Run's 60; 1 second to 59 minutes 55 seconds.</value>
    public TimeSpan RequestTimeLimit { get; set; } = TimeSpan.FromSeconds(55);

    /// <summary>After how long a silence a comment line goes out on an event stream. Intermediaries cut idle connections after about 60 seconds.</summary>
    /// <value>15 seconds unless set; 1 second to 5 minutes.</value>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long clients and caches may use the public card without asking again (<c>Cache-Control: max-age</c>, whole seconds).</summary>
    /// <value>5 minutes unless set; 0 to 30 days.</value>
    public TimeSpan CardMaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The card that a client gets when it does not say which version it reads: <c>blended</c> (the members of 1.0 and 0.3 together),
    /// <c>1.0</c> or <c>0.3</c>. Pin it for validators that refuse members they do not know.
    /// </summary>
    /// <value><c>blended</c> unless set.</value>
    public string CardVersion { get; set; } = "blended";

    /// <summary>
    /// The origins of web pages that may call the agent from a browser, such as <c>https://app.example.com</c>; <c>*</c> for any. The card
    /// and the keys are for pages of any origin anyway.
    /// </summary>
    /// <value>None unless set.</value>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>All faults at once, each with the setting, the value that was found, and what to do.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxRequestBytes is < 1024 or > 32 * 1024 * 1024)
        {
            yield return Fault(nameof(MaxRequestBytes), MaxRequestBytes, "Set a number of bytes from 1024 to 33554432 (32 MiB).");
        }

        if (RequestTimeLimit < TimeSpan.FromSeconds(1) || RequestTimeLimit > TimeSpan.FromSeconds(3595))
        {
            yield return Fault(nameof(RequestTimeLimit), RequestTimeLimit, "Set a time from 00:00:01 to 00:59:55, a few seconds under the function's --timeout.");
        }

        if (KeepAliveInterval < TimeSpan.FromSeconds(1) || KeepAliveInterval > TimeSpan.FromMinutes(5))
        {
            yield return Fault(nameof(KeepAliveInterval), KeepAliveInterval, "Set a time from 00:00:01 to 00:05:00; 00:00:15 suits Cloud Run.");
        }

        if (CardMaxAge < TimeSpan.Zero || CardMaxAge > TimeSpan.FromDays(30))
        {
            yield return Fault(nameof(CardMaxAge), CardMaxAge, "Set a time from 00:00:00 to 30.00:00:00.");
        }

        if (Cards.CardForms.Parse(CardVersion) is null)
        {
            yield return Fault(nameof(CardVersion), CardVersion, "Set blended, 1.0 or 0.3.");
        }

        for (var i = 0; i < AllowedOrigins.Count; i++)
        {
            if (Origin.Parse(AllowedOrigins[i]) is null)
            {
                yield return $"A2A:Http:AllowedOrigins:{i} (A2A__Http__AllowedOrigins__{i}) is '{AllowedOrigins[i]}'. " +
                    "Set an origin as browsers send it, such as https://app.example.com, without a path; or * for any.";
            }
        }
    }

    private static string Fault(string setting, object? value, string remedy) =>
        FormattableString.Invariant($"A2A:Http:{setting} (A2A__Http__{setting}) is '{value}'. {remedy}");
}
