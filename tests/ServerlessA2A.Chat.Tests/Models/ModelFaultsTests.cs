using System.Net;
using System.Net.Sockets;
using ServerlessA2A.Chat.Models;

namespace ServerlessA2A.Chat.Tests.Models;

/// <summary>Chat clients have no exception in common.</summary>
public class ModelFaultsTests
{
    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(529, true)]
    public void TheStatusDecides(int status, bool isTransient)
    {
        foreach (var failure in new Exception[]
        {
            new HttpRequestException("no", null, (HttpStatusCode)status), new StatusException(status),
                new StatusCodeException((HttpStatusCode)status),
            new InvalidOperationException("no", new StatusException(status)),
            new AggregateException(new IOException(), new StatusException(status)),
        })
        {
            var fault = ModelFaults.ToException(failure);
            Assert.Equal(
                (isTransient, $"The model's service responded with the HTTP status {status}."), (fault.IsTransient, fault.Message));
            Assert.Same(failure, fault.InnerException);
        }
    }

    [Fact]
    public void TheNetworkIsTransient() => Assert.All(
        new Exception[]
        {
            new HttpRequestException("no"), new IOException(), new TimeoutException(), new TaskCanceledException(), new SocketException(),
            new InvalidOperationException("no", new SocketException()), new AggregateException(new TaskCanceledException()),
            // Before the response there is no status: clients give 0.
            new InvalidOperationException("no", new StatusException(0, new SocketException())),
        },
        failure => Assert.True(ModelFaults.ToException(failure).IsTransient));

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(200)]
    [InlineData(600)]
    public void AnythingElseIsNot(int noStatus)
    {
        var fault = ModelFaults.ToException(new StatusException(noStatus));

        Assert.Equal((false, "The model could not be called."), (fault.IsTransient, fault.Message));
        Assert.False(ModelFaults.ToException(new NotSupportedException()).IsTransient);
    }

    private sealed class StatusException(int status, Exception? cause = null) : Exception("no", cause)
    {
        public int Status { get; } = status;
    }

    private sealed class StatusCodeException(HttpStatusCode? status) : Exception
    {
        public HttpStatusCode? StatusCode { get; } = status;

        public string this[int index] => $"{index}";
    }
}
