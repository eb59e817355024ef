using System.Net;
using System.Security.Cryptography;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

public class SleepingCallerTests
{
    [Fact]
    public async Task TheAnswerReachesAnInstanceThatStartsAfterTheCallerHasEnded()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var other = RunningProgram.Start(
            Programs.OwnAgent, target: null, ("A2A__Agent__PushNotifications", "true"), ("A2A__Webhooks__AllowHttp", "true"),
            ("A2A__Webhooks__AllowLoopback", "true"), ("A2A__Security__SigningKeys__0", key.ExportPkcs8PrivateKeyPem()));
        var agent = (await other.AddressAsync()).AbsoluteUri;
        var next = $"http://127.0.0.1:{FreePort.Find()}";
        var answers = Directory.CreateTempSubdirectory("a2a-answers-");
        try
        {
            RunningProgram Start(string address) => RunningProgram.Start(
                Programs.SleepingCaller, ["--urls", address], ("Agent", agent), ("Hook", $"{next}/hook"), ("Answers", answers.FullName));
            Uri answer;
            await using (var caller = Start("http://127.0.0.1:0"))
            {
                using var client = new HttpClient { BaseAddress = await caller.AddressAsync() };
                using var question = new StringContent("good morning");
                using var sent = await client.PostAsync(new Uri("questions", UriKind.Relative), question);
                Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
                answer = sent.Headers.Location!;
                Assert.Equal(0, await caller.StopAsync());
            }

            await using var woken = Start(next);
            await woken.LineAsync(line => line.StartsWith("Answer saved", StringComparison.Ordinal));

            using var reader = new HttpClient { BaseAddress = new Uri(next) };
            Assert.Equal("Completed: GOOD MORNING", await reader.GetStringAsync(answer));
            Assert.Empty(woken.LoggedErrors);
        }
        finally
        {
            answers.Delete(recursive: true);
        }
    }
}
