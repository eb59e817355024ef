using Microsoft.Extensions.AI;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>A conversation and its options as a request to Gemini.</summary>
internal static class GeminiRequest
{
    public const string User = "user";
    public const string Model = "model";

    private const int ThinkingConfigField = 25;
    private const int ThinkingBudgetField = 3;
    private const int ResponseModalitiesField = 21;

    /// <summary>The request.</summary>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="options">What goes for this call.</param>
    /// <param name="settings">What goes for every call, unless the options say otherwise.</param>
    /// <param name="client">For <see cref="ChatOptions.RawRepresentationFactory"/>: a <see cref="V1.GenerateContentRequest"/> to start from.</param>
    /// <exception cref="NotSupportedException">Something in it has no form in Gemini's API.</exception>
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
            request.SafetySettings.AddRange(settings.Safety.Select(setting => new V1.SafetySetting { Category = setting.Key, Threshold = setting.Value }));
        return request;
    }

    private static void AddContents(V1.GenerateContentRequest request, IReadOnlyCollection<ChatMessage> messages, string? instructions)
    {
        var names = messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()
            .GroupBy(call => call.CallId).ToDictionary(calls => calls.Key, calls => calls.Last().Name);
        string NameOf(string callId) => names.TryGetValue(callId, out var name)
            ? name
            : throw new NotSupportedException($"The result of the call '{callId}' comes without the call.");

        var system = new V1.Content();
        if (!string.IsNullOrEmpty(instructions))
            system.Parts.Add(new V1.Part { Text = instructions });
        foreach (var message in messages)
        {
            var parts = message.Contents.Select(content => GeminiParts.ToPart(content, NameOf)).OfType<V1.Part>().ToList();
            if (parts.Count == 0)
                continue;
            if (message.Role == ChatRole.System)
                system.Parts.AddRange(parts);
            else
                Append(request.Contents, message.Role == ChatRole.Assistant ? Model : User, parts);
        }

        if (system.Parts.Count > 0)
            request.SystemInstruction = system;
    }

    /// <summary>
    /// One content for a turn, however many messages it has: results must come together, and alone, as their calls did.
    /// </summary>
    private static void Append(Google.Protobuf.Collections.RepeatedField<V1.Content> contents, string role, List<V1.Part> parts)
    {
        if (contents.LastOrDefault() is { } last && last.Role == role && HasResults(last.Parts) == HasResults(parts))
            last.Parts.AddRange(parts);
        else
            contents.Add(new V1.Content { Role = role, Parts = { parts } });
    }

    private static bool HasResults(IEnumerable<V1.Part> parts) => parts.Any(part => part.DataCase == V1.Part.DataOneofCase.FunctionResponse);

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
                config.ResponseSchema = GeminiSchema.From(schema);
        }

        if (BudgetOf(options?.Reasoning, settings) is { } budget)
            NumberedFields.Set(config, ThinkingConfigField, NumberedFields.Encode((ThinkingBudgetField, budget)));
        foreach (var modality in settings.ResponseModalities)
            NumberedFields.Set(config, ResponseModalitiesField, (int)modality);
    }

    /// <summary>Gemini counts thoughts in tokens; the efforts are what its own clients make of them.</summary>
    private static int? BudgetOf(ReasoningOptions? reasoning, GeminiSettings settings) => reasoning?.Effort switch
    {
        null => settings.ThinkingBudget,
        ReasoningEffort.None => 0,
        ReasoningEffort.Low => 1_024,
        ReasoningEffort.Medium => 8_192,
        _ => 24_576,
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
                    throw new NotSupportedException($"Gemini has no tool of the type {tool.GetType().Name}.");
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
        // Gemini takes no object without properties: a function without parameters has none at all.
        if (GeminiSchema.From(function.JsonSchema) is { Properties.Count: > 0 } parameters)
            declaration.Parameters = parameters;
        return declaration;
    }

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
}
