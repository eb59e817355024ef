using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Authentication;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Tests.Security.Limits;

/// <summary>The door, for tests of what is behind it.</summary>
internal static class TestAdmission
{
    public static Admission Of(SecurityOptions options, LimitOptions? limits = null)
    {
        var (security, limit) = (Options.Create(options), Options.Create(limits ?? new LimitOptions()));
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddSingleton(security);
        services.AddLogging().AddAuthenticators();
        var authenticators = new Authenticators(services.BuildServiceProvider(), security);
        return new Admission(
            authenticators, security, new RequestRates(limit, TimeProvider.System), new OpenStreams(limit),
            new RefusalPace(limit, TimeProvider.System),
            new SecurityEvents(NullLogger.Instance, TimeProvider.System));
    }
}
