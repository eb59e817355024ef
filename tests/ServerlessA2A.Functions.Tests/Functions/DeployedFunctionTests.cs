using System.Net;
using System.Security.Cryptography;
using Grpc.Net.Client;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Grpc.V1;
using Task = System.Threading.Tasks.Task;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>A function alone in its process, as on Cloud Run.</summary>
public class DeployedFunctionTests
{
    [Fact]
    public async Task AMessageThatCannotBeReadIsAnsweredWith500SoThatItComesAgain()
    {
        await using var program = RunningProgram.Start(Programs.Agent, typeof(RunTaskFunction).FullName);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        Assert.Equal(HttpStatusCode.InternalServerError, await SendAsync(client, PubSub.Event("not JSON")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(client, PubSub.Event(PubSub.RunRequest("gone"))));

        Assert.Equal(0, await program.StopAsync());
        Assert.Single(program.LoggedErrors);
    }

    [Fact]
    public async Task FaultsOfTheSettingsAreToldByAFunctionToo()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("A2A__Tasks__WorkLimit", "00:00:00"),
            ("A2A__Agent__PublicUrl", "not an address"));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(program.Errors, line => line.Contains("A2A__Tasks__WorkLimit", StringComparison.Ordinal));
        Assert.Contains(program.Errors, line => line.Contains("A2A__Agent__PublicUrl", StringComparison.Ordinal));
    }

    /// <summary>Cloud Run's front end sends everything over HTTP/2, without TLS.</summary>
    [Fact]
    public async Task WithAnAddressOfGrpcMessageFunctionServesAllBindingsOverHttp2()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("A2A__Tasks__Store", "InMemory"),
            ("A2A__Agent__GrpcUrl", "agent.example.com:443"));
        var address = await program.AddressAsync();
        using var client = new HttpClient
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var channel = GrpcChannel.ForAddress(address);

        var reply = await new A2AService.A2AServiceClient(channel).SendMessageAsync(new()
        {
            Message = new() { MessageId = "m", Role = Role.User, Parts = { new Part { Text = "hello" } } },
            Configuration = new() { ReturnImmediately = true },
        });
        var task = await client.GetStringAsync(new Uri($"tasks/{reply.Task.Id}", UriKind.Relative));
        var card = await client.GetStringAsync(new Uri(".well-known/agent-card.json", UriKind.Relative));

        Assert.Contains(reply.Task.Id, task, StringComparison.Ordinal);
        Assert.Contains(
            """{"url":"agent.example.com:443","protocolBinding":"GRPC","protocolVersion":"1.0"}""", card, StringComparison.Ordinal);
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    [Theory]
    [InlineData("A2A__Tasks__Store", "InMemory", "K_SERVICE")]
    [InlineData("A2A__Tasks__Store", "", "GOOGLE_CLOUD_PROJECT")]
    public async Task WhatIsDeployedNeverKeepsTasksInMemory(string variable, string value, string told)
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("K_SERVICE", "message"), (variable, value));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(program.Errors, line => line.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsDeployedSaysWhoMayCall()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("K_SERVICE", "message"), ("GOOGLE_CLOUD_PROJECT", "project"));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(
            "A2A:Security:Identity (A2A__Security__Identity__0) must be set on Cloud Run", Assert.Single(program.Errors),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A2A__security__identity__0")]
    [InlineData("a2a:Security:Identity:0")]
    public async Task TwoSpellingsOfOneSettingAreRejected(string other)
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("A2A__Security__Identity__0", "iam"), (other, "none"), ("unrelated", "1"),
            ("UNRELATED", "2"));

        Assert.NotEqual(0, await program.ExitAsync());

        var fault = Assert.Single(program.Errors);
        Assert.Contains($"A2A__Security__Identity__0 and {other}: one setting in several spellings", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("unrelated", fault, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(nameof(AgentCardFunction))]
    [InlineData(nameof(RunTaskFunction))]
    [InlineData(nameof(NotifyFunction))]
    [InlineData(nameof(SweepFunction))]
    [InlineData(nameof(DeadLetterFunction))]
    [InlineData(nameof(MessageFunction))]
    public async Task AFunctionStartsWithTheKeysThatItUsesAndNoOther(string function)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signing = ("A2A__Security__SigningKeys__0", key.ExportPkcs8PrivateKeyPem());
        var encryption = ("A2A__Security__EncryptionKeys__0", Convert.ToBase64String(new byte[32]));
        var hash = ("A2A__Security__ApiKeys__Hashes__0", Convert.ToHexStringLower(SHA256.HashData("a key"u8)));
        (string, string)[] keys = function switch
        {
            nameof(AgentCardFunction) => [signing],
            nameof(RunTaskFunction) => [encryption],
            nameof(NotifyFunction) => [signing, encryption],
            nameof(MessageFunction) => [signing, encryption, hash],
            _ => [],
        };
        (string, string)[] settings =
        [
            ("FUNCTION_TARGET", "ServerlessA2A.Functions." + function), ("PORT", "0"), ("K_SERVICE", function),
            ("GOOGLE_CLOUD_PROJECT", "project"),
            ("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1"), ("PUBSUB_EMULATOR_HOST", "127.0.0.1:1"),
            ("A2A__Agent__PublicUrl", "https://example.com/"),
            ("A2A__Security__Identity__0", "api-key"), ("A2A__Agent__PushNotifications", "true"), ("A2A__Webhooks__Signature", "Jwt"),
            ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
        ];
        await using (var program = RunningProgram.Start(Programs.Agent, [], [.. settings, .. keys]))
            await program.AddressAsync();
        foreach (var missing in keys)
        {
            await using var program = RunningProgram.Start(Programs.Agent, [], [.. settings, .. keys.Except([missing])]);
            Assert.NotEqual(0, await program.ExitAsync());
            Assert.Contains(program.Errors, line => line.Contains(missing.Item1, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task WhatIsDeployedSignsNoAddressThatAStrangerMayChoose()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName,
            ("K_SERVICE", "message"), ("GOOGLE_CLOUD_PROJECT", "project"), ("A2A__Security__Identity__0", "iam"),
            ("A2A__Security__SigningKeys__0", key.ExportPkcs8PrivateKeyPem()));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(
            program.Errors, line => line.Contains("A2A:Agent:PublicUrl (A2A__Agent__PublicUrl) is not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAnswerDoesNotSayWhatServesIt()
    {
        await using var program = RunningProgram.Start(Programs.Agent, typeof(MessageFunction).FullName);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        using var response = await client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.False(response.Headers.Contains("Server"));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string data)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = Requests.Json(data) };
        foreach (var (name, value) in PubSub.EventHeaders)
            request.Headers.Add(name, value);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
