using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.TestAgent.Travel;

/// <summary>
/// What a client wants: <c>travel chat 17 5 20ms</c> is journey 17 of the agent <c>chat</c>, to five places; with <c>ask</c> at the end the
/// agent asks before it departs.
/// </summary>
/// <param name="Number">Tells it from the journeys of other clients.</param>
/// <param name="Places">The number of places.</param>
/// <param name="Pause">How long the model and the tool take.</param>
/// <param name="Asks">Whether the agent asks before it departs.</param>
public sealed partial record Journey(int Number, int Places, TimeSpan Pause, bool Asks)
{
    public static Journey Of(string text) => Wish().Match(text) is { Success: true } wish
        ? new Journey(NumberIn(wish, 1), NumberIn(wish, 2), TimeSpan.FromMilliseconds(NumberIn(wish, 3)), wish.Groups[4].Success)
        : throw new FormatException($"'{text}' is no journey.");

    public static Journey Of(IEnumerable<ChatMessage> messages) => Of(messages.First(message => message.Role == ChatRole.User).Text);

    /// <summary>What is said when all places are visited.</summary>
    public static string Report(IEnumerable<int> places) => $"I was at {string.Join(", ", places)}.";

    private static int NumberIn(Match wish, int group) => int.Parse(wish.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^travel \w+ (\d+) (\d+) (\d+)ms( ask)?$")]
    private static partial Regex Wish();
}
