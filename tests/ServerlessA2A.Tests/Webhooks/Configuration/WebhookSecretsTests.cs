using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Tests.Webhooks.Configuration;

public sealed class WebhookSecretsTests
{
    private const string Token = "the-token-é-\U0001F511";
    private const string Credentials = "the-credentials";

    private static readonly WebhookSecrets NoKeys = With();
    private static readonly WebhookSecrets Old = With(TestKeys.Encryption(1));
    private static readonly WebhookSecrets New = With(TestKeys.Encryption(2), TestKeys.Encryption(1));

    [Fact]
    public void SecretsAreReadAsTheyWereAndNothingElseIsChanged()
    {
        var stored = Old.Protect(Config());

        Assert.Equal(Config(), Old.Reveal(stored));
        Assert.Equal(Config(), stored with { Config = Config().Config });
        Assert.Equal(
            Config().Config with { Token = stored.Config.Token, Authentication = stored.Config.Authentication }, stored.Config);
        Assert.Equal("Bearer", stored.Config.Authentication!.Scheme);
    }

    [Fact]
    public void StoredIsWhichKeyAndNothingOfTheSecret()
    {
        var stored = Old.Protect(Config()).Config;

        Assert.All([stored.Token!, stored.Authentication!.Credentials!], text =>
        {
            // SHA-256 of 32 bytes of 1.
            Assert.Matches("^enc:1:72cd6e8422c407fb:[A-Za-z0-9+/]+=*$", text);
            Assert.DoesNotContain("the-", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void TheSameSecretIsStoredDifferentlyEachTime()
    {
        var stored = Enumerable.Range(0, 100).Select(_ => Old.Protect(Config()).Config.Token).ToList();

        Assert.Equal(100, stored.Distinct().Count());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    public void WhatIsNotThereIsNotStored(string? token, string? credentials)
    {
        var config = Config(token, credentials);

        Assert.Same(config, Old.Protect(config));
        Assert.Same(config, Old.Reveal(config));
        Assert.Equal(
            config with { Config = config.Config with { Authentication = null } },
            Old.Protect(config with { Config = config.Config with { Authentication = null } }));
    }

    [Fact]
    public void ALongSecretIsReadAsItWas()
    {
        var config = Config(new string('é', 100_000));

        Assert.Equal(config, Old.Reveal(Old.Protect(config)));
    }

    [Fact]
    public void TheNewKeyWritesAndTheOldOneStillReads()
    {
        var before = Old.Protect(Config());
        var after = New.Protect(Config());

        Assert.Equal(Config(), New.Reveal(before));
        Assert.Equal(Config(), New.Reveal(after));
        Assert.Equal(KeyOf(New.Protect(New.Reveal(before))), KeyOf(after));
        Assert.NotEqual(KeyOf(before), KeyOf(after));
    }

    [Fact]
    public void WhatWasStoredBeforeThereWasAKeyIsReadAsItIs() => Assert.Equal(Config(), Old.Reveal(NoKeys.Protect(Config())));

    [Fact]
    public void WithoutKeysSecretsStayAsTheyAre()
    {
        Assert.Same(Config().Config.Token, NoKeys.Protect(Config()).Config.Token);
        Assert.Equal(Config(), NoKeys.Reveal(NoKeys.Protect(Config())));
    }

    [Theory]
    [InlineData("enc:")]
    [InlineData("enc:0:")]
    [InlineData("enc:1:")]
    [InlineData("enc:1:72cd6e8422c407fb:AAAA")]
    [InlineData("enc:2:later")]
    [InlineData("enc:0:enc:0:")]
    public void ASecretThatLooksLikeAStoredOneIsNotMisread(string secret)
    {
        var config = Config(secret, secret);

        foreach (var writer in new[] { NoKeys, Old, New })
        {
            Assert.Equal(config, writer.Reveal(writer.Protect(config)));
            Assert.Equal(config, New.Reveal(writer.Protect(config)));
        }
    }

    [Fact]
    public void ASecretThatWasReadFromTheStoreIsASecretLikeAnyOther()
    {
        var stored = Old.Protect(Config());

        Assert.Equal(stored, Old.Reveal(Old.Protect(stored)));
    }

    [Theory]
    [InlineData("another task", "config", false)]
    [InlineData("task", "another config", false)]
    [InlineData("taskc", "onfig", false)]
    [InlineData("task", "config", true)]
    public void ASecretIsNotReadInAnotherPlace(string taskId, string id, bool inOtherField)
    {
        var stored = Old.Protect(Config()).Config;
        var moved = new Webhook(
            taskId, id, inOtherField ? stored with { Token = stored.Authentication!.Credentials } : stored, ProtocolVersion.V1_0);

        var fault = Assert.Throws<WebhookSecretException>(() => Old.Reveal(moved));

        Assert.Contains(
            $"The token of the webhook {id} of the task {taskId} cannot be decrypted with its key 72cd6e8422c407fb", fault.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyThatIsNotThereIsNamed()
    {
        var stored = New.Protect(Config());
        var id = KeyOf(stored);

        foreach (var reader in new[] { Old, NoKeys })
        {
            var fault = Assert.Throws<WebhookSecretException>(() => reader.Reveal(stored));

            Assert.Contains($"is encrypted with the key {id}, which is not configured", fault.Message, StringComparison.Ordinal);
            Assert.Contains("A2A__Security__EncryptionKeys__", fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(stored.Config.Token!.Split(':')[^1], fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryDamageIsFound()
    {
        var stored = Old.Protect(Config());
        var text = stored.Config.Token!;
        var start = text.LastIndexOf(':') + 1;
        var bytes = Convert.FromBase64String(text[start..]);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x10;
            Refused(text[..start] + Convert.ToBase64String(damaged));
            Refused(text[..start] + Convert.ToBase64String(bytes.AsSpan(0, i)));
        }

        Refused(text + "!");
        Refused(text + ":AAAA");
        Refused(text[..start]);
        Refused(text[..(start - 1)]);

        void Refused(string token) =>
            Assert.Throws<WebhookSecretException>(() => Old.Reveal(stored with { Config = stored.Config with { Token = token } }));
    }

    [Theory]
    [InlineData("enc:1:SECRET")]
    [InlineData("enc:1:SECRET:SECRET")]
    [InlineData("enc:1:72cd6e8422c407fb:SECRET:SECRET")]
    [InlineData("enc:1:72cd6e8422c407fb:SECRET")]
    [InlineData("enc:2:SECRET")]
    [InlineData("enc:SECRET")]
    public void WhatCannotBeReadIsNotRepeated(string stored)
    {
        var fault = Assert.Throws<WebhookSecretException>(() => Old.Reveal(Config(stored)));

        Assert.DoesNotContain("SECRET", fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("The token of the webhook config of the task task ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SECRET")]
    [InlineData("U0VDUkVU")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("file:/nowhere/key")]
    public void WhatIsNoKeyIsToldByItsSettingAndWithoutItself(string setting)
    {
        var options = TestKeys.With([], [TestKeys.Encryption(1), setting]);

        var fault = Assert.Single(options.Validate());

        Assert.StartsWith("A2A:Security:EncryptionKeys:1 (A2A__Security__EncryptionKeys__1) ", fault, StringComparison.Ordinal);
        Assert.Matches(": (set|mount) ", fault);
        Assert.True(setting.Length == 0 || setting[0] == 'f' || !fault.Contains(setting, StringComparison.Ordinal));
        Assert.Equal([fault], Assert.Throws<OptionsValidationException>(() => new Secrets(Options.Create(options))).Failures);
    }

    [Fact]
    public void TheSameKeyTwiceIsToldByItsId() => Assert.Contains(
        "EncryptionKeys__1) has the id 72cd6e8422c407fb, like an earlier key",
        Assert.Single(TestKeys.With([], [TestKeys.Encryption(1), $" {TestKeys.Encryption(1)}\n"]).Validate()),
        StringComparison.Ordinal);

    [Fact]
    public void AKeyIsReadFromAFile()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, TestKeys.Encryption(1) + "\n");

            Assert.Equal(Config(), Old.Reveal(With($"file:{file}").Protect(Config())));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void ManyMayUseItAtOnce()
    {
        Parallel.For(0, 500, i =>
        {
            var config = Config($"token {i}");
            Assert.Equal(config, New.Reveal(New.Protect(config)));
        });
    }

    private static string KeyOf(Webhook stored) => Regex.Match(stored.Config.Token!, "^enc:1:([0-9a-f]{16}):").Groups[1].Value;

    private static WebhookSecrets With(params string[] keys) => new(new Secrets(TestKeys.Encrypting(keys)));

    private static Webhook Config(string? token = Token, string? credentials = Credentials) => new(
        "task",
        "config",
        new TaskPushNotificationConfig
        {
            Id = "config",
            TaskId = "task",
            Url = "https://hooks.example/a",
            Token = token,
            Authentication = new AuthenticationInfo { Scheme = "Bearer", Credentials = credentials },
        },
        ProtocolVersion.V1_0);
}
