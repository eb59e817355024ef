using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.GoogleCloud.Gemini.Schemas;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>Converts a conversation and its options to a request.</summary>
internal static class GeminiRequest
{
    public const string User = "user";
    public const string Model = "model";

    public const int ThinkingBudgetField = 3;
    public const int ThinkingLevelField = 4;

    private const int ParametersJsonSchemaField = 5;

    /// <summary>Creates the request.</summary>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="options">The options of this call.</param>
    /// <param name="settings">The defaults of every call.</param>
    /// <param name="client">
    /// For <see cref="ChatOptions.RawRepresentationFactory"/>: a <see cref="V1.GenerateContentRequest"/> to start from.
    /// </param>
    /// <exception cref="NotSupportedException">Gemini's API cannot express something in the conversation or the options.</exception>
    public static V1.GenerateContentRequest From(
        IEnumerable<ChatMessage> messages, ChatOptions? options, GeminiSettings settings, IChatClient client)
    {
        var request = options?.RawRepresentationFactory?.Invoke(client) as V1.GenerateContentRequest ?? new V1.GenerateContentRequest();
        if (request.Model.Length == 0)
            request.Model = options?.ModelId is { Length: > 0 } model ? settings.ResourceOf(model) : settings.ResourceName;
        AddContents(request, messages as IReadOnlyCollection<ChatMessage> ?? [.. messages], options?.Instructions);
        request.GenerationConfig ??= new V1.GenerationConfig();
        Configure(request.GenerationConfig, options, settings);
        AddTools(request, options);
        if (request.SafetySettings.Count == 0)
            request.SafetySettings.AddRange(
                settings.Safety.Select(setting => new V1.SafetySetting { Category = setting.Key, Threshold = setting.Value }));
        return request;
    }

    private static void AddContents(V1.GenerateContentRequest request, IReadOnlyCollection<ChatMessage> messages, string? instructions)
    {
        var calls = new CallOrder(messages);
        var system = new V1.Content();
        if (!string.IsNullOrEmpty(instructions))
            system.Parts.Add(new V1.Part { Text = instructions });
        var turns = new List<Turn>();
        foreach (var message in messages)
        {
            var parts = message.Contents.Select(content => new Placed(calls.OrderOf(content), GeminiParts.ToPart(content, calls.Of)!))
                .Where(part => part.Part is not null).ToList();
            if (parts.Count == 0)
                continue;
            if (message.Role == ChatRole.System)
                system.Parts.AddRange(parts.Select(part => part.Part));
            else
                Append(turns, new Turn(message.Role == ChatRole.Assistant ? Model : User, parts));
        }

        foreach (var turn in turns)
            request.Contents.Add(
                new V1.Content { Role = turn.Role, Parts = { turn.Parts.OrderBy(part => part.Order).Select(part => part.Part) } });
        if (system.Parts.Count > 0)
            request.SystemInstruction = system;
    }

    /// <summary>
    /// Joins consecutive messages of one role into one turn, because results must come together, and alone, as their calls did.
    /// </summary>
    private static void Append(List<Turn> turns, Turn next)
    {
        if (turns.Count > 0 && turns[^1] is var last && last.Role == next.Role && last.HasResults == next.HasResults)
            last.Parts.AddRange(next.Parts);
        else
            turns.Add(next);
    }

    private static void Configure(V1.GenerationConfig config, ChatOptions? options, GeminiSettings settings)
    {
        if ((options?.Temperature ?? settings.Temperature) is { } temperature)
            config.Temperature = temperature;
        if ((options?.TopP ?? settings.TopP) is { } topP)
            config.TopP = topP;
        if (options?.TopK is { } topK)
            config.TopK = topK;
        if ((options?.MaxOutputTokens ?? settings.MaxOutputTokens) is { } maxOutputTokens)
            config.MaxOutputTokens = maxOutputTokens;
        if (options?.FrequencyPenalty is { } frequencyPenalty)
            config.FrequencyPenalty = frequencyPenalty;
        if (options?.PresencePenalty is { } presencePenalty)
            config.PresencePenalty = presencePenalty;
        if (options?.Seed is { } seed)
            config.Seed = checked((int)seed);
        config.StopSequences.AddRange(options?.StopSequences?.AsEnumerable() ?? settings.StopSequences);

        if (options?.ResponseFormat is ChatResponseFormatJson json)
        {
            config.ResponseMimeType = "application/json";
            if (json.Schema is { } schema)
                NumberedFields.Set(config, ConfigFields.ResponseJsonSchema, ToValue(GeminiSchema.OfAnswer(schema)));
        }

        if (LevelOf(options?.Reasoning?.Effort) is { } effort)
            NumberedFields.Set(config, ConfigFields.Thinking, NumberedFields.Encode((ThinkingLevelField, (int)effort)));
        else if (settings.ThinkingLevel is { } level)
            NumberedFields.Set(config, ConfigFields.Thinking, NumberedFields.Encode((ThinkingLevelField, (int)level)));
        else if (settings.ThinkingBudget is { } budget)
            NumberedFields.Set(config, ConfigFields.Thinking, NumberedFields.Encode((ThinkingBudgetField, budget)));
        foreach (var modality in settings.ResponseModalities)
            NumberedFields.Set(config, ConfigFields.ResponseModalities, (int)modality);
    }

    private static GeminiThinkingLevel? LevelOf(ReasoningEffort? effort) => effort switch
    {
        null => null,
        ReasoningEffort.None => GeminiThinkingLevel.Minimal,
        ReasoningEffort.Low => GeminiThinkingLevel.Low,
        ReasoningEffort.Medium => GeminiThinkingLevel.Medium,
        _ => GeminiThinkingLevel.High,
    };

    private static void AddTools(V1.GenerateContentRequest request, ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools)
            return;
        var functions = new V1.Tool();
        foreach (var tool in tools)
        {
            switch (tool)
            {
                case HostedWebSearchTool:
                    request.Tools.Add(new V1.Tool { GoogleSearch = new V1.Tool.Types.GoogleSearch() });
                    break;
                case AIFunctionDeclaration function:
                    functions.FunctionDeclarations.Add(ToDeclaration(function));
                    break;
                default:
                    throw new NotSupportedException($"Gemini does not support tools of the type {tool.GetType().Name}.");
            }
        }

        if (functions.FunctionDeclarations.Count == 0)
            return;
        request.Tools.Insert(0, functions);
        if (ToConfig(options.ToolMode) is { } config)
            request.ToolConfig = new V1.ToolConfig { FunctionCallingConfig = config };
    }

    private static V1.FunctionDeclaration ToDeclaration(AIFunctionDeclaration function)
    {
        var declaration = new V1.FunctionDeclaration { Name = function.Name, Description = function.Description };
        if (GeminiSchema.OfParameters(function.JsonSchema) is { } parameters)
            NumberedFields.Set(declaration, ParametersJsonSchemaField, ToValue(parameters));
        return declaration;
    }

    private static ByteString ToValue(JsonObject schema) => StructJson.ToValue(ChatJson.ToElement(schema)).ToByteString();

    private static V1.FunctionCallingConfig? ToConfig(ChatToolMode? mode)
    {
        switch (mode)
        {
            case NoneChatToolMode:
                return new() { Mode = V1.FunctionCallingConfig.Types.Mode.None };
            case RequiredChatToolMode required:
                var config = new V1.FunctionCallingConfig { Mode = V1.FunctionCallingConfig.Types.Mode.Any };
                if (required.RequiredFunctionName is { } name)
                    config.AllowedFunctionNames.Add(name);
                return config;
            default:
                return null;
        }
    }

    private sealed record Turn(string Role, List<Placed> Parts)
    {
        public bool HasResults => Parts.Exists(part => part.Part.DataCase == V1.Part.DataOneofCase.FunctionResponse);
    }

    /// <summary>A part and its position in its turn.</summary>
    private sealed record Placed(int Order, V1.Part Part);
}
