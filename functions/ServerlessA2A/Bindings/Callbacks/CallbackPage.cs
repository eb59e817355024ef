using System.Text;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Bindings.Callbacks;

/// <summary>A page that ends an authorization in the browser. It repeats nothing of the request.</summary>
internal sealed class CallbackPage
{
    public static readonly CallbackPage Accepted = new(
        StatusCodes.Status200OK, "Done", "The agent continues its task. You can close this window.");

    /// <summary>The same for every state that was not signed here, so that it reveals nothing about tasks.</summary>
    public static readonly CallbackPage Invalid = new(
        StatusCodes.Status400BadRequest, "This link is not valid", "Go back to the agent and start again from its link.");

    public static readonly CallbackPage Expired = new(
        StatusCodes.Status410Gone, "This link has expired", "Go back to the agent and ask it for a new link.");

    public static readonly CallbackPage Used = new(
        StatusCodes.Status409Conflict, "This link was already used", "Go back to the agent and ask it for a new link.");

    public static readonly CallbackPage Ended = new(
        StatusCodes.Status410Gone, "The agent no longer waits", "Its task has ended. You can close this window.");

    public static readonly CallbackPage Full = new(
        StatusCodes.Status429TooManyRequests, "The agent cannot continue this task now",
        "Reload this page in a minute. If that does not help, start a new task.");

    public static readonly CallbackPage Unavailable = new(
        StatusCodes.Status503ServiceUnavailable, "The agent is not available", "Reload this page in a minute.");

    private readonly byte[] _html;

    private CallbackPage(int status, string title, string text) =>
        (Status, _html) = (status, Encoding.UTF8.GetBytes(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            </head>
            <body>
            <h1>{title}</h1>
            <p>{text}</p>
            </body>
            </html>

            """));

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>A page for any other error.</summary>
    public static CallbackPage Of(int status) =>
        new(status, "The request could not be read", "Go back to the agent and start again from its link.");

    /// <summary>Sends the page. The address of the page has secrets, which must not leave it.</summary>
    public ValueTask SendAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "text/html; charset=utf-8";
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        return response.SendAsync(_html);
    }
}
