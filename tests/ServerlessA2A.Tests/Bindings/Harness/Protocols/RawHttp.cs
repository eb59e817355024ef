using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>Requests by hand.</summary>
public static class RawHttp
{
    public static HttpRequestMessage Request(string method, string path, string? body = null, string? contentType = "application/json")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.RelativeOrAbsolute));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (contentType is not null)
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        return request;
    }

    public static HttpRequestMessage With(this HttpRequestMessage request, string header, string value)
    {
        Assert.True(request.Headers.TryAddWithoutValidation(header, value));
        return request;
    }

    /// <summary>The request with another text in the place of one that its body has once.</summary>
    public static HttpRequestMessage Changed(this HttpRequestMessage request, string old, string replacement)
    {
        var body = request.Content!.ReadAsStringAsync().GetAwaiter().GetResult();
        Assert.Equal(2, body.Split(old).Length);
        return Request(request.Method.Method, request.RequestUri!.OriginalString, body.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Sends a request and reads its whole answer as text.</summary>
    public static async Task<(HttpResponseMessage Response, string Body)> ExchangeAsync(this HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }

    public static async Task<(HttpResponseMessage Response, string Body)> ExchangeAsync(
        this HttpClient client, string method, string path, string? body = null) =>
        await client.ExchangeAsync(Request(method, path, body));

    /// <summary>Posts to the interface address.</summary>
    public static async Task<string> RpcAsync(this HttpClient client, string body) => (await client.ExchangeAsync("POST", "/", body)).Body;

    public static async Task<SseReader> StreamAsync(this HttpClient client, HttpRequestMessage request)
    {
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new SseReader(response, await response.Content.ReadAsStreamAsync());
    }

    public static JsonElement Json(this string text) => JsonDocument.Parse(text).RootElement;
}
