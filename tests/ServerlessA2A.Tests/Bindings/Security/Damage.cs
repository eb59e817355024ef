using System.Text;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Tests.Bindings.Security;

/// <summary>What can be wrong with a request's body, path and method.</summary>
internal static class Damage
{
    /// <summary>A request with something wrong in it.</summary>
    public static Sample To(Sample sample, Random random)
    {
        // Mostly the body, where most can be wrong.
        if (sample.Body is not null && random.Next(4) > 0)
            return sample with { Body = DamageBody(sample.Body, random) };
        return random.Next(5) switch
        {
            0 => sample with { Path = DamagePath(sample.Path, random) },
            1 => sample with { Method = random.Pick("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH") },
            2 => sample with
            {
                ContentType = random.Pick("text/plain", "application/json; charset=x", "application/", "", "a b",
            "application/a2a+json")
            },
            3 => sample with
            {
                Headers = [(random.Pick("A2A-Version", "Last-Event-ID", "A2A-Extensions"),
            random.Pick("", "1.0", "9.9", "-1", "é", "1,2", new string('9', 300)))]
            },
            _ => sample with
            {
                Path = sample.Path +
            random.Pick("?", "?tenant=x", "?pageSize=-1", "?A2A-Version=7", "?%", "?historyLength=1&historyLength=x", "?status=1")
            },
        };
    }

    private static byte[] DamageBody(byte[] body, Random random)
    {
        var damaged = body.ToList();
        for (var rounds = random.Next(1, 4); rounds > 0 && damaged.Count > 0; rounds--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(8))
            {
                case 0:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.RemoveRange(at, random.Next(damaged.Count - at));
                    break;
                case 3:
                    damaged.InsertRange(
                        at, Encoding.UTF8.GetBytes(
                        random.Pick("null", "[]", "{}", "\"", ",", "-1", "1e999", "\\ud800", "\\u0000", "\u0001", "true", "{\"a\":",
                        new string('[', 80))));
                    break;
                case 4:
                    Replace(damaged, random, [":\"", ":{", ":[", ":1", ":true"],
                        [":null", ":7", ":[]", ":{}", ":\"\\ud800\"", ":\"\"", ":false", ":1e400", ":-1"]);
                    break;
                case 5:
                    Replace(damaged, random, ["message", "parts", "params", "method", "id", "text", "role", "url"],
                        ["x", "", "kind", "message_id", "data", "raw", "metadata", "\\u0000"]);
                    break;
                case 6:
                    damaged.InsertRange(at, damaged.GetRange(random.Next(at + 1), random.Next(damaged.Count - at)));
                    break;
                default:
                    (damaged[at], damaged[^1]) = (damaged[^1], damaged[at]);
                    break;
            }
        }

        return [.. damaged];
    }

    private static void Replace(List<byte> body, Random random, string[] targets, string[] replacements)
    {
        var text = Encoding.Latin1.GetString([.. body]);
        var target = random.Pick(targets);
        var at = text.IndexOf(target, random.Next(text.Length), StringComparison.Ordinal);
        if (at < 0)
            return;
        body.RemoveRange(at, target.Length);
        body.InsertRange(at, Encoding.Latin1.GetBytes(random.Pick(replacements)));
    }

    private static string DamagePath(string path, Random random)
    {
        var at = random.Next(1, path.Length + 1);
        // The in-process server itself throws at a null character; Kestrel answers it with 400.
        return path.Insert(at, random.Pick("/", "%2F", "%", ":", "v1/", "%3A", "..", " ", "é", "?", "#"))
            .Replace("%00", "%20", StringComparison.Ordinal);
    }

    /// <summary>One of them.</summary>
    public static T Pick<T>(this Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
