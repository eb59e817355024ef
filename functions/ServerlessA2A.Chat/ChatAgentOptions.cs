using System.Text.Json;
using ServerlessA2A.Settings;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Chat;

/// <summary>
/// An agent over a chat model: the section <c>A2A:Chat</c>, and <c>A2A:Agents:{name}:Chat</c> for an agent with a name.
/// </summary>
public class ChatAgentOptions
{
    private static readonly TimeSpan DefaultToolTimeLimit = TimeSpan.FromSeconds(60);

    private TimeSpan? _longestToolTime;

    /// <summary>The system instruction of every conversation.</summary>
    public string? Instructions { get; set; }

    /// <summary>The sampling temperature, 0 to 2. Default: the model's own; some models reject any other.</summary>
    public float? Temperature { get; set; }

    /// <summary>The probability mass of nucleus sampling, 0 to 1. Default: the model's own.</summary>
    public float? TopP { get; set; }

    /// <summary>The largest number of tokens in one answer of the model. Default: the model's own limit.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>Texts that end an answer.</summary>
    public IList<string> StopSequences { get; } = [];

    /// <summary>A JSON Schema that answers in JSON must satisfy, as text.</summary>
    public string? ResponseSchema { get; set; }

    /// <summary>Whether the model may call the registered tools. Default: true.</summary>
    public bool Tools { get; set; } = true;

    /// <summary>The names of registered tools that the model must never call.</summary>
    public IList<string> DisabledTools { get; } = [];

    /// <summary>
    /// Whether the model may ask the client a question (the tool <c>ask_user</c>). Default: true, except where the model accepts no tools:
    /// Gemini with Google Search, and its image models.
    /// </summary>
    public bool? AskUser { get; set; }

    /// <summary>How long one tool call may take, at most `A2A:Tasks:RunTimeLimit` less 30 s. Default: 60 s.</summary>
    public TimeSpan ToolTimeLimit { get; set; } = DefaultToolTimeLimit;

    /// <summary>The largest result of a tool, in characters of JSON.</summary>
    internal int MaxToolResultLength { get; set; } = 200_000;

    /// <summary>
    /// How many times the model is called for one message of the client before the task fails, so that a model cannot call tools forever.
    /// Default: 25.
    /// </summary>
    public int MaxTurns { get; set; } = 25;

    /// <summary>
    /// The largest part of the earlier conversation that the model receives, in estimated tokens; the oldest messages are dropped first.
    /// Default: 32,000.
    /// </summary>
    public int MemoryTokens { get; set; } = 32_000;

    /// <summary>How many earlier tasks of the conversation are read for that, 0 to 100.</summary>
    internal int MemoryTasks { get; set; } = 20;

    /// <summary>The section of the configuration that the settings come from.</summary>
    internal string Section { get; set; } = "A2A:Chat";

    /// <summary>The faults of settings that another section has set and reports.</summary>
    internal IReadOnlyList<string> InheritedFaults { get; set; } = [];

    /// <summary>
    /// Limits tool calls to the time of one run: a call that is left with its run is made again by the next one, until WorkLimit. The
    /// default is accepted with any time of a run.
    /// </summary>
    internal void FitTools(TaskOptions tasks)
    {
        var run = tasks.RunTimeLimit - tasks.HandOverMargin;
        _longestToolTime = run > DefaultToolTimeLimit ? run : DefaultToolTimeLimit;
    }

    /// <summary>Returns the faults of the settings; each names the setting, the value found and the remedy.</summary>
    public virtual IEnumerable<string> Validate()
    {
        if (Temperature is < 0 or > 2)
            yield return SettingFault.Of($"{Section}:Temperature", Temperature, "set 0 to 2.");
        if (TopP is < 0 or > 1)
            yield return SettingFault.Of($"{Section}:TopP", TopP, "set 0 to 1.");
        if (MaxOutputTokens < 1)
            yield return SettingFault.Of($"{Section}:MaxOutputTokens", MaxOutputTokens, "set at least 1.");
        if (ResponseSchema is not null && !IsJsonObject(ResponseSchema))
            yield return SettingFault.Of($"{Section}:ResponseSchema", ResponseSchema, "set a JSON Schema, as a JSON object.");
        if (ToolTimeLimit <= TimeSpan.Zero || ToolTimeLimit > TimeSpan.FromDays(1))
            yield return SettingFault.Of($"{Section}:ToolTimeLimit", ToolTimeLimit, "set a time above 0, up to a day.");
        else if (Tools && ToolTimeLimit > _longestToolTime)
        {
            yield return SettingFault.Of(
                $"{Section}:ToolTimeLimit", ToolTimeLimit,
                $"set at most {_longestToolTime}, so that a call ends within {SettingFault.Name("A2A:Tasks:RunTimeLimit")}, " +
                "and let a tool that waits for longer throw ToolContext.Sleep.");
        }

        if (MaxTurns < 1)
            yield return SettingFault.Of($"{Section}:MaxTurns", MaxTurns, "set at least 1.");
        if (MemoryTokens < 0)
            yield return SettingFault.Of($"{Section}:MemoryTokens", MemoryTokens, "set 0 or more.");
    }

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
