namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>All of an answer that a caller sees.</summary>
internal sealed record MatrixAnswer(int Status, string Headers, string Body)
{
    public static async Task<MatrixAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date")
            .OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {string.Join(" | ", header.Value)}");
        return new MatrixAnswer((int)response.StatusCode, string.Join('\n', headers), await response.Content.ReadAsStringAsync());
    }

    /// <summary>The answer to a question about another task.</summary>
    public MatrixAnswer About(Subject other, Subject asked) => this with
    {
        Body = Body.Replace(asked.TaskId, other.TaskId, StringComparison.Ordinal)
            .Replace(asked.ContextId, other.ContextId, StringComparison.Ordinal),
    };
}
