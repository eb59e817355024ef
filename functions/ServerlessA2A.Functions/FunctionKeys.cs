using Microsoft.Extensions.Configuration;
using ServerlessA2A.Security;

namespace ServerlessA2A.Functions;

/// <summary>The keys that each function uses; <c>deploy/secrets.sh</c> gives it only these.</summary>
internal static class FunctionKeys
{
    /// <summary>The keys of this process's function (<c>FUNCTION_TARGET</c>); all keys without a target, as in the local host.</summary>
    public static KeyUse Of(IConfiguration configuration) => TargetOf(configuration) switch
    {
        nameof(AgentCardFunction) => new KeyUse(Encrypts: false, Authenticates: false),
        nameof(RunTaskFunction) or nameof(CallbackFunction) => new KeyUse(Signs: false, Authenticates: false),
        nameof(NotifyFunction) => new KeyUse(Authenticates: false),
        nameof(SweepFunction) or nameof(DeadLetterFunction) => new KeyUse(Signs: false, Encrypts: false, Authenticates: false),
        _ => new KeyUse(),
    };

    /// <summary>Whether this process serves a function alone.</summary>
    public static bool IsFor<TFunction>(IConfiguration configuration) => TargetOf(configuration) == typeof(TFunction).Name;

    private static string? TargetOf(IConfiguration configuration) => configuration["FUNCTION_TARGET"]?.Split('.')[^1];
}
