using Microsoft.AspNetCore.Http;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Limits;

/// <summary>Who is refused at full speed does not fill the log, and hides nothing of what others do.</summary>
public sealed class SecurityEventsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly SecurityEvents _events;

    public SecurityEventsTests() => _events = new SecurityEvents(_logs.LoggerFor<Admission>(), _time);

    [Fact]
    public void TenOfAKindAreToldAndThenOneASecondWithHowManyWereNot()
    {
        for (var i = 0; i < 1000; i++)
            Limit("alice");
        Assert.Equal(10, _logs.Entries.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1000; i++)
            Limit("alice");

        Assert.Equal(11, _logs.Entries.Count);
        Assert.All(_logs.Entries.SkipLast(1), logged =>
            Assert.EndsWith("RequestsPerSecond is 1; request rejected (0 similar messages suppressed)", logged.Text,
            StringComparison.Ordinal));
        Assert.EndsWith(
            "4:test:alice: RequestsPerSecond is 1; request rejected (990 similar messages suppressed)", _logs.Entries.Last().Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void EachCallerLimitAndSchemeIsAKindOfItsOwn()
    {
        var context = new DefaultHttpContext();
        for (var i = 0; i < 100; i++)
        {
            Limit("alice");
            _events.AuthenticationFailed(context, IdentityScheme.Oidc, "It is expired.");
            _events.CredentialMissing(context);
            _events.CallerNotAllowed(context, Caller("alice"));
            _events.IdentityProviderFailed(context, IdentityScheme.Oidc, new InvalidOperationException());
        }

        _logs.Entries.Clear();
        Limit("bob");
        Limit("alice", "OpenStreams");
        _events.LimitExceeded(caller: null, A2AException.LimitExceeded("TotalRequestsPerSecond", 1, "No more"));
        _events.AuthenticationFailed(context, IdentityScheme.ApiKey, "It is not known.");
        _events.CallerNotAllowed(context, Caller("bob"));
        _events.IdentityProviderFailed(context, IdentityScheme.GoogleAccessToken, new InvalidOperationException());

        Assert.Equal([4004, 4004, 4004, 4000, 4002, 4003], _logs.Entries.Select(logged => logged.Id.Id));
    }

    private static Identity Caller(string name) => new(name) { Authority = "test" };

    private void Limit(string caller, string limit = "RequestsPerSecond") =>
        _events.LimitExceeded(Caller(caller), A2AException.LimitExceeded(limit, 1, "No more"));
}
