namespace ServerlessA2A.TestAgent.Travel;

/// <summary>
/// Records what happens on journeys outside of this process, so that a kill loses nothing: each call returns when it is recorded.
/// </summary>
/// <param name="address">The recorder, which gets the paths <c>/{journey}/{run}/{event}/{place}</c>.</param>
public sealed class Journal(Uri address) : IDisposable
{
    private static readonly AsyncLocal<string?> Run = new();

    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Names the run to which belongs what is called from now on.</summary>
    public static void Enter(string run) => Run.Value = run;

    public void Dispose() => _http.Dispose();

    /// <summary>A run has started, and has read its checkpoint.</summary>
    public Task StartedAsync(Journey journey, CancellationToken cancellationToken) => WriteAsync(journey, "started", 0, cancellationToken);

    /// <summary>The model, or the next step, has the visit's result: it was saved before.</summary>
    public Task ShownAsync(Journey journey, int place, CancellationToken cancellationToken) =>
        WriteAsync(journey, "shown", place, cancellationToken);

    /// <summary>Visits a place: the tool's call, which must not be repeated once its result is saved.</summary>
    public async Task VisitAsync(Journey journey, int place, CancellationToken cancellationToken)
    {
        await WriteAsync(journey, "began", place, cancellationToken);
        await Task.Delay(journey.Pause, cancellationToken);
        await WriteAsync(journey, "ended", place, cancellationToken);
    }

    private async Task WriteAsync(Journey journey, string what, int place, CancellationToken cancellationToken)
    {
        var run = Run.Value ?? throw new InvalidOperationException("No run was entered.");
        using var response = await _http.PostAsync(
            new Uri($"/{journey.Number}/{run}/{what}/{place}", UriKind.Relative), null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
