using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>The front of Cloud Run: asks who calls where not everybody may, and hands on to the agent.</summary>
internal static class DeployedAgent
{
    /// <summary>The token of whoever deploys.</summary>
    public const string IdentityToken = "an-identity-token";

    private static readonly HttpClient Client = new();
    private static readonly HashSet<string> OfTheHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Content-Type", "Expect", "Transfer-Encoding", "X-Serverless-Authorization",
    };

    public static async Task ServeAsync(FakeGoogle google, string host, HttpContext context)
    {
        var service = host[..host.IndexOf($"-{google.Number}.", StringComparison.Ordinal)];
        var name = $"projects/{google.Project}/locations/{google.Region}/services/{service}";
        if (google.Resources.Find(name) is null || google.Agent is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var isOpen = google.Policies.On(name).Contains("roles/run.invoker allUsers");
        if (!isOpen && google.StaleCalls > 0 && context.Request.Headers["X-Serverless-Authorization"].Count == 0)
        {
            google.StaleCalls--;
            isOpen = true;
        }

        if (!isOpen && context.Request.Headers["X-Serverless-Authorization"] != "Bearer " + IdentityToken)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(google.Agent, context.Request.Path.Value + context.Request.QueryString));
        if (HttpMethods.IsPost(context.Request.Method))
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(context.Request.ContentType!);
        }

        foreach (var (header, values) in context.Request.Headers.Where(header => !OfTheHop.Contains(header.Key)))
            request.Headers.TryAddWithoutValidation(header, values.AsEnumerable());
        using var answer = await Client.SendAsync(request);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body);
    }
}
