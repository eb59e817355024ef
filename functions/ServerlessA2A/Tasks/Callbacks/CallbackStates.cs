using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Keys;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Tasks.Callbacks;

/// <summary>
/// Signs the states of callbacks, and verifies them: HMAC-SHA256 with a key derived from the encryption keys, which every deployment has
/// in the functions that create and receive callbacks. The first key signs; all verify.
/// </summary>
internal sealed class CallbackStates
{
    private const int MaxSubject = 100;

    /// <summary>The longest state that is decoded, in characters: far more than one with the longest subject has.</summary>
    private const int MaxLength = 2048;

    private readonly IReadOnlyList<byte[]> _keys;
    private readonly TimeSpan _longest;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;

    public CallbackStates(
        IOptions<SecurityOptions> security, IOptions<TaskOptions> tasks, TimeProvider time, IdSource newId, SingleProcess? single = null)
    {
        (_longest, _time, _newId) = (tasks.Value.Retention, time, newId);
        _keys =
        [
            .. KeySettings.ReadAll(
                typeof(SecurityOptions), nameof(SecurityOptions.EncryptionKeys), security.Value.EncryptionKeys, EncryptionKey.Read)
                .Select(key => key.Derive("callback"))
        ];
        if (_keys.Count == 0 && single is not null)
            _keys = [RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes)];
    }

    /// <summary>Whether there is a key to sign with.</summary>
    public bool HasKey => _keys.Count > 0;

    /// <summary>Signs the state of a webhook, which is valid for as long as a task is retained.</summary>
    public string CreateForWebhook(string taskId) => Create(taskId, CallbackState.Webhook, _longest).Text;

    /// <summary>Signs a new state.</summary>
    /// <exception cref="InvalidOperationException">There is no key.</exception>
    public (CallbackState State, string Text, string CodeVerifier) Create(string taskId, string subject, TimeSpan? lifetime)
    {
        if (_keys.Count == 0)
        {
            throw new InvalidOperationException(
                $"Callbacks need {SettingFault.ListName("A2A:Security:EncryptionKeys")}, from which the key of their states is derived: " +
                "set a key of 32 bytes in base64 (openssl rand -base64 32), the same in every instance.");
        }

        if (subject.Length > MaxSubject)
            throw new ArgumentException($"The subject has {subject.Length} characters: use at most {MaxSubject}.", nameof(subject));
        if (lifetime <= TimeSpan.Zero || lifetime > _longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(lifetime), lifetime, $"Use a time above 0, up to {SettingFault.Name("A2A:Tasks:Retention")} ({_longest}).");
        }

        var until = _time.GetUtcNow() + (lifetime ?? TimeSpan.FromTicks(Math.Min(TimeSpan.TicksPerHour, _longest.Ticks)));
        var state = new CallbackState(taskId, _newId(), DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds()), subject);
        var payload = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{state.ExpiresAt.ToUnixTimeSeconds()}\n{state.Id}\n{state.TaskId}\n{state.Subject}"));
        return (state, Base64Url.EncodeToString([.. HMACSHA256.HashData(_keys[0], payload), .. payload]), VerifierOf(_keys[0], state));
    }

    /// <summary>Reads a state that was signed here, expired or not.</summary>
    public bool TryRead(string text, [NotNullWhen(true)] out CallbackState? state) => TryRead(text, out state, out _);

    /// <inheritdoc cref="TryRead(string, out CallbackState?)"/>
    public bool TryRead(string text, [NotNullWhen(true)] out CallbackState? state, [NotNullWhen(true)] out string? codeVerifier)
    {
        (state, codeVerifier) = (null, null);
        var bytes = Decode(text);
        if (bytes.Length <= HMACSHA256.HashSizeInBytes)
            return false;
        var payload = bytes.AsSpan(HMACSHA256.HashSizeInBytes);
        foreach (var key in _keys)
        {
            if (!CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, HMACSHA256.HashSizeInBytes), HMACSHA256.HashData(key, payload)))
                continue;
            // Only what was signed here gets this far.
            var fields = Encoding.UTF8.GetString(payload).Split('\n', 4);
            var until = DateTimeOffset.FromUnixTimeSeconds(long.Parse(fields[0], CultureInfo.InvariantCulture));
            state = new CallbackState(fields[2], fields[1], until, fields[3]);
            codeVerifier = VerifierOf(key, state);
            return true;
        }

        return false;
    }

    /// <summary>Whether a state has expired.</summary>
    public bool IsExpired(CallbackState state) => state.ExpiresAt <= _time.GetUtcNow();

    /// <summary>
    /// The code verifier (RFC 7636, section 4.1): derived instead of stored, so that any instance finds it and no client reads it.
    /// </summary>
    private static string VerifierOf(byte[] key, CallbackState state) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"code_verifier\n{state.Id}")));

    private static byte[] Decode(string text)
    {
        if (text.Length > MaxLength)
            return [];
        try
        {
            // The decoder ignores white space and padding; a state has one spelling.
            var bytes = Base64Url.DecodeFromChars(text);
            return Base64Url.EncodeToString(bytes) == text ? bytes : [];
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
