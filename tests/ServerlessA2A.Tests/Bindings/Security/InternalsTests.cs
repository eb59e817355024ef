using System.Net;
using Xunit.Sdk;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>What looks for leaks in the answers to damaged requests finds them: else nothing could ever fail there.</summary>
public sealed class InternalsTests
{
    [Theory]
    [InlineData("""{"error":{"message":"System.InvalidOperationException: it broke"}}""")]
    [InlineData("""{"error":{"message":"it broke","data":"   at ServerlessA2A.Tasks.TaskLifecycle.SendAsync(CallContext call)"}}""")]
    [InlineData("""{"error":{"message":"IDX10214: Audience validation failed."}}""")]
    [InlineData("""{"error":{"message":"Microsoft.AspNetCore.Server.Kestrel"}}""")]
    [InlineData("""{"error":{"message":"could not open /home/app/key.pem"}}""")]
    [InlineData("""{"error":{"status":"INTERNAL"}}""")]
    public void ABodyThatTellsOfTheInsideIsFound(string body) =>
        Assert.ThrowsAny<XunitException>(() => Look(HttpStatusCode.BadRequest, body));

    [Theory]
    [InlineData("Server", "Microsoft.HTTPAPI")]
    [InlineData("WWW-Authenticate", "Bearer error_description=\"IDX10223\"")]
    public void SoIsAHeader(string name, string value) =>
        Assert.ThrowsAny<XunitException>(() => Look(HttpStatusCode.OK, "{}", (name, value)));

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public void AndAFaultOfTheServer(HttpStatusCode status) => Assert.ThrowsAny<XunitException>(() => Look(status, "{}"));

    [Fact]
    public void AnOrdinaryRefusalIsNone() => Look(HttpStatusCode.BadRequest, """{"error":{"code":-32602,"message":"message.parts has nothing in it."}}""");

    private static void Look(HttpStatusCode status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        Internals.AssertNone(response, body, "a request");
    }
}
