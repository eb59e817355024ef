namespace ServerlessA2A.TestAgent.Travel;

/// <summary>
/// Records what happens on journeys outside of this process, so that a kill loses nothing: each call returns when it is recorded.
/// </summary>
/// <param name="address">The recorder, which gets the paths <c>/{journey}/{run}/{event}/{place}/{call}</c>.</param>
public sealed class Journal(Uri address) : IDisposable
{
    private static readonly AsyncLocal<string?> Run = new();

    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Names the run to which belongs what is called from now on.</summary>
    public static void Enter(string run) => Run.Value = run;

    public void Dispose() => _http.Dispose();

    /// <summary>A run has started, and has read its checkpoint.</summary>
    public Task StartedAsync(int journey, CancellationToken cancellationToken) => WriteAsync(journey, "started", 0, "", cancellationToken);

    /// <summary>The model, or the next step, has the visit's result: it was saved before.</summary>
    public Task ShownAsync(int journey, int place, CancellationToken cancellationToken) =>
        WriteAsync(journey, "shown", place, "", cancellationToken);

    /// <summary>Visits a place: the tool's call, which must not be repeated once its result is saved.</summary>
    /// <param name="journey">The number of the journey.</param>
    /// <param name="place">The place; 0 for the departure.</param>
    /// <param name="call">The id of the call; empty for a step of a workflow.</param>
    /// <param name="pause">How long it takes.</param>
    /// <param name="cancellationToken">Ends the visit.</param>
    public async Task VisitAsync(int journey, int place, string call, TimeSpan pause, CancellationToken cancellationToken)
    {
        await WriteAsync(journey, "began", place, call, cancellationToken);
        await Task.Delay(pause, cancellationToken);
        await WriteAsync(journey, "ended", place, call, cancellationToken);
    }

    private async Task WriteAsync(int journey, string what, int place, string call, CancellationToken cancellationToken)
    {
        var run = Run.Value ?? throw new InvalidOperationException("No run was entered.");
        using var response = await _http.PostAsync(
            new Uri($"/{journey}/{run}/{what}/{place}/{call}", UriKind.Relative), null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
