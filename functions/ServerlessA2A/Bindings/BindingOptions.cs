using ServerlessA2A.Bindings.Cards;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Bindings;

/// <summary>Limits of HTTP requests, and the form of the card: the section <c>A2A:Http</c>.</summary>
public sealed class BindingOptions
{
    /// <summary>
    /// The largest request body, in bytes, both as sent and decompressed; a larger one is answered with 413. Default: 10 MiB; 1 KiB to
    /// 32 MiB, the limit of Cloud Run.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>
    /// How long a blocking send waits and a stream stays open. After that, the send returns the task in its current state, and the stream
    /// ends cleanly. Keep it under the function's own time limit (<c>--timeout</c>), which cuts the connection. Default: 55 seconds, for
    /// Cloud Run's 60; 1 second to 59 minutes 55 seconds.
    /// </summary>
    public TimeSpan RequestTimeLimit { get; set; } = TimeSpan.FromSeconds(55);

    /// <summary>
    /// How long clients and caches may use the public card without revalidating it (<c>Cache-Control: max-age</c>, whole seconds).
    /// Default: 5 minutes; 0 to 30 days.
    /// </summary>
    public TimeSpan CardMaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The card for clients that do not name a version: <c>blended</c> (the members of 1.0 and 0.3 together), <c>1.0</c> or <c>0.3</c>. Pin
    /// it for validators that reject unknown members. Default: <c>blended</c>.
    /// </summary>
    public string CardVersion { get; set; } = "blended";

    /// <summary>
    /// The origins of web pages that may call the agent from a browser, such as <c>https://app.example.com</c>; <c>*</c> for any. The card
    /// and the public keys can be read from any origin. Default: none.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// How long an event stream may be silent before a comment line goes out: intermediaries cut idle connections after about 60 seconds.
    /// </summary>
    internal TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxRequestBytes is < 1024 or > 32 * 1024 * 1024)
            yield return SettingFault.Of(
                "A2A:Http:MaxRequestBytes", MaxRequestBytes, "set a number of bytes from 1024 to 33554432 (32 MiB).");
        if (RequestTimeLimit < TimeSpan.FromSeconds(1) || RequestTimeLimit > TimeSpan.FromSeconds(3595))
        {
            yield return SettingFault.Of(
                "A2A:Http:RequestTimeLimit",
                RequestTimeLimit,
                "set a time from 00:00:01 to 00:59:55, a few seconds under the function's --timeout.");
        }

        if (CardMaxAge < TimeSpan.Zero || CardMaxAge > TimeSpan.FromDays(30))
            yield return SettingFault.Of("A2A:Http:CardMaxAge", CardMaxAge, "set a time from 00:00:00 to 30.00:00:00.");
        if (CardForms.Parse(CardVersion) is null)
            yield return SettingFault.Of("A2A:Http:CardVersion", CardVersion, "set blended, 1.0 or 0.3.");
        for (var i = 0; i < AllowedOrigins.Count; i++)
        {
            if (Origin.Parse(AllowedOrigins[i]) is null)
            {
                yield return SettingFault.Of(
                    $"A2A:Http:AllowedOrigins:{i}",
                    AllowedOrigins[i],
                    "set an origin as browsers send it, such as https://app.example.com, without a path; or * for any.");
            }
        }
    }
}
