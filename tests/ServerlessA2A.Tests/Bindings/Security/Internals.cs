namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>What no answer may hold, whatever was asked: a fault of the server's, and words that tell of its inside.</summary>
internal static class Internals
{
    private static readonly string[] Words = ["   at ", "ServerlessA2A.", "Exception", "Microsoft.", "IDX1", ".cs:", "/tmp/", "/home/",
        "\"INTERNAL"];

    public static void AssertNone(HttpResponseMessage response, string body, object request)
    {
        var answer = $"{response.StatusCode} {response.Headers} {response.Content.Headers} {body}";
        Assert.True((int)response.StatusCode < 500, $"{request}\n{answer}");
        foreach (var word in Words)
            Assert.False(answer.Contains(word, StringComparison.Ordinal), $"{word} is in the answer to {request}\n{answer}");
    }
}
