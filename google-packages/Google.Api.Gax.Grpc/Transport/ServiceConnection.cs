using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>
/// HTTP to one service. Calls are JSON over HTTP/1.1 or 2, or gRPC, see <see cref="GrpcResponse"/>. Nothing is connected
/// before the first call, and what is connected serves all clients in this process.
/// </summary>
internal sealed class ServiceConnection
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    // A proxy of the environment is for the way out, not for an emulator on this machine or what else is spoken to in the clear.
    private static readonly HttpMessageInvoker WithTls = new(Handler(useProxy: true));
    private static readonly HttpMessageInvoker InTheClear = new(Handler(useProxy: false));

    private readonly Uri address;
    private readonly ICredential? credential;

    /// <param name="address">With http or https.</param>
    /// <param name="isEmulator">Whether it is one that expects its owner.</param>
    /// <param name="credential">What gives each call its token; null for calls without one.</param>
    public ServiceConnection(Uri address, bool isEmulator, ICredential? credential) => (this.address, IsEmulator, this.credential) = (address, isEmulator, credential);

    public bool IsEmulator { get; }

    /// <summary>Sends a message as JSON and gives the answer; every failure is an RpcException.</summary>
    public async Task<JsonDocument> CallAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(address, path));
            if (!IsEmulator)
                (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
            if (!body.IsEmpty)
                request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
            using var response = await SendAsync(request, deadline.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(deadline.Token);
            if (response.IsSuccessStatusCode)
                return await ReadAsync(stream, response.StatusCode, deadline.Token);
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, deadline.Token);
            throw Failures.Of(response.StatusCode, answer.GetBuffer().AsMemory(0, (int)answer.Length));
        }
        catch (Exception e) when (Failures.IsOfConnection(e) || e is OperationCanceledException or JsonException)
        {
            throw Failures.Of(e, cancellationToken);
        }
    }

    /// <summary>Authorizes a request and sends it; its answer may still be on its way.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsEmulator)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer owner");
        else if (credential is not null)
            await AuthorizeAsync(request, credential, cancellationToken);
        return await (address.Scheme == Uri.UriSchemeHttps ? WithTls : InTheClear).SendAsync(request, cancellationToken);
    }

    // As gRPC has it, a token that can't be had is a failure of the call that needs it.
    private static async Task AuthorizeAsync(HttpRequestMessage request, ICredential credential, CancellationToken cancellationToken)
    {
        try
        {
            if (credential is not ITokenAccessWithHeaders withHeaders)
            {
                request.Headers.Authorization = new("Bearer", await credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken));
                return;
            }
            var token = await withHeaders.GetAccessTokenWithHeadersForRequestAsync(cancellationToken: cancellationToken);
            request.Headers.Authorization = new("Bearer", token.AccessToken);
            // What goes with the token: the project whose quota it is.
            token.AddHeaders(request.Headers);
        }
        catch (Exception e) when (e is not (OperationCanceledException or RpcException))
        {
            throw Failures.Of("Error starting gRPC call.", e);
        }
    }

    public Uri Address(string path) => new(address, path);

    // A method that streams may fail after it began to answer: then the error is the last element.
    private static async Task<JsonDocument> ReadAsync(Stream stream, HttpStatusCode code, CancellationToken cancellationToken)
    {
        var document = await JsonDocument.ParseAsync(stream, default, cancellationToken);
        if (document.RootElement.ValueKind != JsonValueKind.Array || Failures.ErrorIn(document.RootElement) is not { } error)
            return document;
        using (document)
            throw Failures.Of(error, code);
    }

    private static SocketsHttpHandler Handler(bool useProxy) => new()
    {
        UseCookies = false,
        UseProxy = useProxy,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        EnableMultipleHttp2Connections = true,
    };
}
