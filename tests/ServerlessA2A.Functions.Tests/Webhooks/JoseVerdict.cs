using System.Text.Json;

namespace ServerlessA2A.Functions.Tests.Webhooks;

/// <summary>What is expected of the <see cref="JoseVerifier"/>.</summary>
internal static class JoseVerdict
{
    public static async Task AcceptedAsync(Task<JsonElement> verified) =>
        Assert.True((await verified).GetProperty("ok").GetBoolean(), (await verified).GetRawText());

    public static async Task RefusedAsync(string code, Task<JsonElement> verified) =>
        Assert.Equal(code, (await verified).TryGetProperty("code", out var found) ? found.GetString() : "accepted");
}
