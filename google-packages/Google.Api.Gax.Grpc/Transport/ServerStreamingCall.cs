using System.Globalization;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>
/// A gRPC call of one message that is answered by any number of them. It begins when it is made, whether or not its answer is
/// read, and ends with the service's status, when it is cancelled or disposed of, or when its time is over, whichever is first.
/// </summary>
internal sealed class ServerStreamingCall<TResponse> : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private readonly Func<ReadOnlyMemory<byte>, TResponse> parse;
    private readonly CancellationTokenSource life = new();
    private readonly CancellationTokenRegistration cancellation;
    private readonly Timer? deadline;

    // Null where it failed, so that nobody has to hear of it.
    private readonly Task<GrpcResponse?> opening;

    private RpcException? failure;
    private bool isComplete;

    public ServerStreamingCall(
        ServiceConnection connection,
        string method,
        byte[] request,
        IEnumerable<KeyValuePair<string, string>> headers,
        Func<ReadOnlyMemory<byte>, TResponse> parse,
        CallSettings settings)
    {
        this.parse = parse;
        if (settings.Expiration?.Timeout is { } timeout)
        {
            headers = headers.Append(KeyValuePair.Create("grpc-timeout", Header(timeout)));
            deadline = new Timer(static call => Of(call).Fail(new Status(StatusCode.DeadlineExceeded, "")), this, Due(timeout), Timeout.InfiniteTimeSpan);
        }
        cancellation = settings.CancellationToken?.UnsafeRegister(static call => Of(call).Cancel(), this) ?? default;
        opening = OpenAsync(connection, method, request, headers);
    }

    public TResponse Current { get; private set; } = default!;

    /// <param name="cancellationToken">Cancels the call as a whole.</param>
    public async Task<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        await using var _ = cancellationToken.UnsafeRegister(static call => Of(call).Cancel(), this);
        if (isComplete)
            return false;
        try
        {
            if (await opening is not { } response)
                throw failure!;
            if (await response.ReadAsync(life.Token) is { } message)
            {
                Current = parse(message);
                return true;
            }
            isComplete = true;
            Release();
            return false;
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    /// <summary>The only message of the answer.</summary>
    public async Task<TResponse> SingleAsync()
    {
        if (!await MoveNextAsync(CancellationToken.None))
            throw new RpcException(new Status(StatusCode.Internal, "The answer is without a message."));
        var answer = Current;
        if (await MoveNextAsync(CancellationToken.None))
            throw Fail(new RpcException(new Status(StatusCode.Internal, "The answer is more than one message.")));
        return answer;
    }

    public void Dispose()
    {
        if (!isComplete)
            Fail(new Status(StatusCode.Cancelled, "gRPC call disposed."));
    }

    private static ServerStreamingCall<TResponse> Of(object? state) => (ServerStreamingCall<TResponse>)state!;

    private void Cancel() => Fail(new Status(StatusCode.Cancelled, "Call canceled by the client."));

    private async Task<GrpcResponse?> OpenAsync(ServiceConnection connection, string method, byte[] request, IEnumerable<KeyValuePair<string, string>> headers)
    {
        try
        {
            var response = await GrpcResponse.OfAsync(connection, method, new ByteArrayContent(request), headers, Array.MaxLength, life.Token);
            // At once where it ended meanwhile.
            life.Token.UnsafeRegister(static response => ((GrpcResponse)response!).Dispose(), response);
            return response;
        }
        catch (Exception e)
        {
            Fail(e);
            return null;
        }
    }

    private RpcException Fail(Exception exception) =>
        Fail(exception as RpcException ?? Failures.Of("Error reading next message.", exception));

    private void Fail(Status status) => Fail(new RpcException(status));

    // Of several reasons the first one counts; what comes after it follows from it.
    private RpcException Fail(RpcException reason)
    {
        if (Interlocked.CompareExchange(ref failure, reason, null) is { } first)
            return new(first.Status, first.Trailers);
        Release();
        return reason;
    }

    private void Release()
    {
        cancellation.Unregister();
        deadline?.Dispose();
        life.Cancel();
    }

    // At most eight digits.
    private static string Header(TimeSpan timeout) => timeout.TotalMilliseconds < 1e8
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)timeout.TotalMilliseconds)}m")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(99_999_999, (long)timeout.TotalSeconds)}S");

    // A timer takes no more than 49 days.
    private static TimeSpan Due(TimeSpan timeout) => timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout > Longest ? Longest : timeout;
}
