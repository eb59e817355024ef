using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>The errors that a test expects of a deployment: each must be logged, and no other.</summary>
internal sealed class ExpectedErrors(Deployment deployment)
{
    private readonly List<string> _earlier = [.. deployment.LoggedErrors];
    private readonly List<(string Part, int Times)> _expected = [];

    /// <summary>Names an error that must be logged, by a part of it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="times">How often it is logged, at least.</param>
    public void Add(string part, int times = 1) => _expected.Add((part, times));

    /// <summary>
    /// Waits for the errors that are expected, and fails where there is another one. What an instance does is seen before its log is: an
    /// error that comes late would be an unexpected one of the next test.
    /// </summary>
    public async Task CheckAsync()
    {
        foreach (var (part, times) in _expected)
            await UntilLoggedAsync(part, times).WithinLimit($"an error is logged {times} times: {part}");
        Assert.All(Errors(), error => Assert.Contains(_expected, each => error.Contains(each.Part, StringComparison.Ordinal)));
    }

    private async Task UntilLoggedAsync(string part, int times)
    {
        while (Errors().Count(error => error.Contains(part, StringComparison.Ordinal)) < times)
            await Task.Delay(50);
    }

    private List<string> Errors()
    {
        List<string> errors = [.. deployment.LoggedErrors];
        _earlier.ForEach(error => errors.Remove(error));
        return errors;
    }
}
