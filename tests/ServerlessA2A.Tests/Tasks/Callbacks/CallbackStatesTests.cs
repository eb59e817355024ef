using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Callbacks;

/// <summary>The signed states of callbacks.</summary>
public class CallbackStatesTests
{
    private static readonly string KeyA = Convert.ToBase64String(Enumerable.Repeat((byte)1, 32).ToArray());
    private static readonly string KeyB = Convert.ToBase64String(Enumerable.Repeat((byte)2, 32).ToArray());

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("")]
    [InlineData("call-1")]
    [InlineData("one\ntwo é")]
    public void AnotherInstanceReadsWhatWasSigned(string subject)
    {
        var (state, text, verifier) = States([KeyA]).Create("task-1", subject, TimeSpan.FromMinutes(5));

        Assert.True(States([KeyA]).TryRead(text, out var read, out var readVerifier));

        Assert.Equal((state, verifier), (read, readVerifier));
        Assert.Equal(("task-1", subject, _time.GetUtcNow() + TimeSpan.FromMinutes(5)), (read.TaskId, read.Subject, read.ExpiresAt));
    }

    [Fact]
    public void AStateWithAnyCharacterChangedIsNotRead()
    {
        var states = States([KeyA]);
        var (_, text, _) = states.Create("task-1", "", null);

        Assert.All(Enumerable.Range(0, text.Length), i =>
            Assert.False(states.TryRead($"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}", out _)));
        Assert.All(
            (string[])["", "x", text[..^1], text + "A", text + "=", text + " ", $" {text}", text.Insert(5, "\n"), new string('A', 3000),
                text[..43]],
            changed => Assert.False(states.TryRead(changed, out _)));
    }

    [Fact]
    public void AStateOfAnotherKeyIsNotRead()
    {
        var (_, text, _) = States([KeyB]).Create("task-1", "", null);

        Assert.False(States([KeyA]).TryRead(text, out _));
        Assert.False(States([]).TryRead(text, out _));
    }

    [Fact]
    public void ARotatedKeyStillVerifiesAndDerivesTheSameVerifier()
    {
        var (_, text, verifier) = States([KeyA]).Create("task-1", "", null);

        Assert.True(States([KeyB, KeyA]).TryRead(text, out _, out var afterRotation));

        Assert.Equal(verifier, afterRotation);
    }

    [Fact]
    public void EachCallbackHasItsOwnIdAndVerifier()
    {
        var states = States([KeyA]);

        var (one, another) = (states.Create("task-1", "", null), states.Create("task-1", "", null));

        Assert.NotEqual(one.State.Id, another.State.Id);
        Assert.NotEqual(one.CodeVerifier, another.CodeVerifier);
    }

    [Theory]
    [InlineData("00:01:00", "00:01:00")]
    [InlineData("7.00:00:00", "01:00:00")]
    public void TheDefaultIsAnHourOrTheTasksRetention(string retention, string expected)
    {
        var states = States([KeyA], TimeSpan.Parse(retention));

        var (state, _, _) = states.Create("task-1", "", null);

        Assert.Equal(_time.GetUtcNow() + TimeSpan.Parse(expected), state.ExpiresAt);
        Assert.False(states.IsExpired(state));
        _time.Advance(TimeSpan.Parse(expected));
        Assert.True(states.IsExpired(state));
    }

    [Fact]
    public void InvalidLifetimesAndSubjectsAreRejected()
    {
        var states = States([KeyA], TimeSpan.FromHours(2));

        Assert.Throws<ArgumentOutOfRangeException>(() => states.Create("task-1", "", TimeSpan.Zero));
        var late = Assert.Throws<ArgumentOutOfRangeException>(() => states.Create("task-1", "", TimeSpan.FromHours(3)));
        Assert.Contains("A2A__Tasks__Retention", late.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => states.Create("task-1", new string('x', 101), null));
    }

    [Fact]
    public void WithoutKeysOnlyASingleProcessSigns()
    {
        var missing = Assert.Throws<InvalidOperationException>(() => States([]).Create("task-1", "", null));
        Assert.Contains("A2A__Security__EncryptionKeys", missing.Message, StringComparison.Ordinal);

        var single = new CallbackStates(
            Options.Create(new SecurityOptions()), Options.Create(new TaskOptions()), _time, TestEngine.NewId,
            new SingleProcess(() => null));
        Assert.True(single.TryRead(single.Create("task-1", "", null).Text, out _));
    }

    [Fact]
    public void AddressesComeFromTheCardAndLogsGetTheIdOnly()
    {
        var callbacks = new TaskCallbacks(States([KeyA]));

        var callback = callbacks.Create(
            "task-1", Cards(new AgentCardOptions { PublicUrl = "https://agent.example.com/weather/" }), "", null);

        Assert.Equal("https://agent.example.com/weather/callback", callback.RedirectUri.AbsoluteUri);
        Assert.Equal($"https://agent.example.com/weather/callback/task-1?state={callback.State}", callback.Uri.AbsoluteUri);
        Assert.Equal(callback.Id, $"{callback}");
        Assert.True(States([KeyA]).TryRead(callback.State, out _, out var verifier));
        Assert.Equal(callback.CodeChallenge, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))));
        var elsewhere = new AgentCardOptions { PublicUrl = "https://a.example.com", CallbackUrl = "https://b.example.com/callback" };
        Assert.Equal("https://b.example.com/callback", callbacks.Create("task-1", Cards(elsewhere), "", null).RedirectUri.AbsoluteUri);
        var missing = Assert.Throws<InvalidOperationException>(() => callbacks.Create("task-1", Cards(new()), "", null));
        Assert.Contains("A2A__Agent__PublicUrl", missing.Message, StringComparison.Ordinal);
    }

    private static AgentCards Cards(AgentCardOptions options) => new(Options.Create(options));

    private CallbackStates States(string[] keys, TimeSpan? retention = null)
    {
        var security = new SecurityOptions();
        foreach (var key in keys)
            security.EncryptionKeys.Add(key);
        return new CallbackStates(
            Options.Create(security), Options.Create(new TaskOptions { Retention = retention ?? TimeSpan.FromDays(7) }), _time,
            TestEngine.NewId);
    }
}
