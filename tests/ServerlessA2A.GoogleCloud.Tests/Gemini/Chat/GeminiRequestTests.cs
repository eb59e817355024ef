using System.ComponentModel;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiRequestTests
{
    private const string ModelResource = "projects/p/locations/global/publishers/google/models/gemini-3.5-flash";
    private const int ResponseModalitiesField = 21;
    private const int ThinkingConfigField = 25;
    private const int ThinkingBudgetField = 3;
    private const int ThinkingLevelField = 4;

    private static readonly GeminiSettings Settings = new() { ProjectId = "p", Location = "global", Model = "gemini-3.5-flash" };

    [Fact]
    public void WhatIsSaidIsSentWithItsRole() => Assert.Equal(
        "user: Hi\nmodel: Hello.\nuser: How are you?",
        Contents(new(ChatRole.User, "Hi"), new(ChatRole.Assistant, "Hello."), new(ChatRole.User, "How are you?")));

    [Fact]
    public void WhatOneSaysInSeveralMessagesIsOneTurn() => Assert.Equal(
        "user: A | B | C\nmodel: D | E",
        Contents(
            new(ChatRole.User, "A"),
            new(ChatRole.User, [new TextContent("B"), new TextContent("C")]),
            new(ChatRole.Assistant, "D"),
            new(ChatRole.Assistant, "E")));

    [Fact]
    public void ResultsAreATurnOfTheirOwnApartFromTextOnBothSides() => Assert.Equal(
        "user: A\nmodel: call x | call y\nuser: result x | result y\nuser: B | C\nmodel: D",
        Contents(
            new(ChatRole.User, "A"),
            new(ChatRole.Assistant, [Call("1", "x"), Call("2", "y")]),
            new(ChatRole.Tool, [new FunctionResultContent("1", "r")]),
            new(ChatRole.Tool, [new FunctionResultContent("2", "r")]),
            new(ChatRole.User, "B"),
            new(ChatRole.User, "C"),
            new(ChatRole.Assistant, "D")));

    [Fact]
    public void TextBeforeAResultIsATurnOfItsOwnToo() => Assert.Equal(
        "model: call x\nuser: A\nuser: result x",
        Contents(new(ChatRole.Assistant, [Call("1", "x")]), new(ChatRole.User, "A"),
        new(ChatRole.Tool, [new FunctionResultContent("1", "r")])));

    [Fact]
    public void CallsAndTextOfTheModelAreOneTurn() => Assert.Equal(
        "model: A | call x | B | call y",
        Contents(new(ChatRole.Assistant, [new TextContent("A"), Call("1", "x")]),
        new(ChatRole.Assistant, [new TextContent("B"), Call("2", "y")])));

    [Fact]
    public void AResultHasTheNameOfItsCallAndOfSeveralCallsWithOneIdOfTheLast() => Assert.Equal(
        "model: call x\nuser: result y\nmodel: call y",
        Contents(
            new(ChatRole.Assistant, [Call("1", "x")]), new(ChatRole.Tool, [new FunctionResultContent("1", "r")]),
            new(ChatRole.Assistant, [Call("1", "y")])));

    [Fact]
    public void ResultsAreInTheOrderOfTheirCalls() => Assert.Equal(
        "model: call x | call y | call z\nuser: result x | result y | result z\nuser: A",
        Contents(
            new(ChatRole.Assistant, [Call("1", "x"), Call("2", "y"), Call("3", "z")]),
            new(ChatRole.Tool, [new FunctionResultContent("3", "r"), new FunctionResultContent("1", "r")]),
            new(ChatRole.Tool, [new FunctionResultContent("2", "r")]),
            new(ChatRole.User, "A")));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheModelsIdOfACallGoesBackWithItAndWithItsResult(bool json)
    {
        var part = new V1.Part { FunctionCall = new V1.FunctionCall { Name = "x" } };
        NumberedFields.Set(part.FunctionCall, 3, "from the model");
        var call = (FunctionCallContent)GeminiParts.ToContent(part, "ours")!;
        if (json)
            call = (FunctionCallContent)System.Text.Json.JsonSerializer.Deserialize<AIContent>(
                System.Text.Json.JsonSerializer.Serialize<AIContent>(call, ChatJson.Options), ChatJson.Options)!;

        var request = Of(
            null, new(ChatRole.Assistant, [call, Call("2", "y")]),
            new(ChatRole.Tool, [new FunctionResultContent("2", "r"), new FunctionResultContent("ours", "r")]));

        Assert.Equal("ours", call.CallId);
        Assert.Equal(["from the model", null], request.Contents[0].Parts.Select(sent => NumberedFields.ReadText(sent.FunctionCall, 3)));
        Assert.Equal(["from the model", null], request.Contents[1].Parts.Select(sent => NumberedFields.ReadText(sent.FunctionResponse, 3)));
    }

    [Fact]
    public void AResultWithoutItsCallIsRefused()
    {
        var refusal = Assert.Throws<NotSupportedException>(
            () => Contents(new(ChatRole.User, "A"), new(ChatRole.Tool, [new FunctionResultContent("call-9", "r")])));

        Assert.Contains("'call-9'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MessagesThatSayNothingAreLeftOut() => Assert.Equal(
        "user: A | B",
        Contents(
            new(ChatRole.User, "A"),
            new(ChatRole.Assistant, [new TextReasoningContent("Well."), new TextContent(""), new UsageContent(new UsageDetails())]),
            new(ChatRole.User, []),
            new(ChatRole.User, "B")));

    [Fact]
    public void SystemMessagesAndInstructionsAreTheInstruction()
    {
        var request = Of(
            new ChatOptions { Instructions = "Be brief." },
            new(ChatRole.System, "Be kind."),
            new(ChatRole.User, "A"),
            new(ChatRole.System, "Be wise."));

        Assert.Equal(["Be brief.", "Be kind.", "Be wise."], request.SystemInstruction.Parts.Select(part => part.Text));
        Assert.Equal("user: A", Contents(request));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void WithoutInstructionsThereIsNone(string? instructions) =>
        Assert.Null(Of(new ChatOptions { Instructions = instructions }, new ChatMessage(ChatRole.User, "A")).SystemInstruction);

    [Fact]
    public void WithoutOptionsOnlyTheModelIsNamed() => Assert.Equal(
        new V1.GenerateContentRequest
        {
            Model = ModelResource,
            Contents = { new V1.Content { Role = "user", Parts = { new V1.Part { Text = "Hi" } } } },
            GenerationConfig = new V1.GenerationConfig(),
        },
        GeminiRequest.From([new ChatMessage(ChatRole.User, "Hi")], null, Settings, new NoChat()));

    [Theory]
    [InlineData("gemini-3.6-flash", "projects/p/locations/global/publishers/google/models/gemini-3.6-flash")]
    [InlineData("projects/q/locations/us-central1/endpoints/12", "projects/q/locations/us-central1/endpoints/12")]
    [InlineData("", ModelResource)]
    [InlineData(null, ModelResource)]
    public void AnotherModelMayBeAskedFor(string? model, string resource) =>
        Assert.Equal(resource, Of(new ChatOptions { ModelId = model }).Model);

    [Fact]
    public void EveryOptionIsSent() => Assert.Equal(
        new V1.GenerationConfig
        {
            Temperature = 0.25f,
            TopP = 0.5f,
            TopK = 40,
            MaxOutputTokens = 100,
            FrequencyPenalty = 0.75f,
            PresencePenalty = -0.5f,
            Seed = 7,
            StopSequences = { "END", "STOP" },
        },
        Of(new ChatOptions
        {
            Temperature = 0.25f,
            TopP = 0.5f,
            TopK = 40,
            MaxOutputTokens = 100,
            FrequencyPenalty = 0.75f,
            PresencePenalty = -0.5f,
            Seed = 7,
            StopSequences = ["END", "STOP"],
        }).GenerationConfig);

    [Fact]
    public void SettingsGoForWhatTheOptionsDoNotSay()
    {
        var settings = Settings with { Temperature = 0.25f, TopP = 0.5f, MaxOutputTokens = 100, StopSequences = ["END"] };
        var expected = new V1.GenerationConfig { Temperature = 0.25f, TopP = 0.5f, MaxOutputTokens = 100, StopSequences = { "END" } };

        Assert.Equal(expected, Of(null, settings).GenerationConfig);
        Assert.Equal(expected, Of(new ChatOptions(), settings).GenerationConfig);
    }

    [Fact]
    public void OptionsGoBeforeSettings()
    {
        var settings = Settings with
        {
            Temperature = 0.25f,
            TopP = 0.5f,
            MaxOutputTokens = 100,
            StopSequences = ["END"],
            ThinkingBudget = 5
        };

        var config = Of(
            new ChatOptions
            {
                Temperature = 0,
                TopP = 1,
                MaxOutputTokens = 1,
                StopSequences = [],
                Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None }
            },
            settings).GenerationConfig;

        Assert.Equal((0f, 1f, 1), (config.Temperature, config.TopP, config.MaxOutputTokens));
        Assert.True(config.HasTemperature);
        Assert.Empty(config.StopSequences);
        Assert.Equal((null, 4), (BudgetOf(config), LevelOf(config)));
    }

    [Fact]
    public void ASeedThatIsTooLargeIsRefused() => Assert.ThrowsAny<Exception>(() => Of(new ChatOptions { Seed = long.MaxValue }));

    [Fact]
    public void JsonIsAskedForByItsMediaType()
    {
        var config = Of(new ChatOptions { ResponseFormat = ChatResponseFormat.Json }).GenerationConfig;

        Assert.Equal("application/json", config.ResponseMimeType);
        Assert.Null(config.AnswerSchema());
        Assert.Null(config.ResponseSchema);
    }

    [Fact]
    public void JsonIsBoundToItsSchema()
    {
        var schema = Properties.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");

        var config = Of(new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) }).GenerationConfig;

        Assert.Equal("application/json", config.ResponseMimeType);
        Assert.True(System.Text.Json.JsonElement.DeepEquals(schema, config.AnswerSchema()!.Value));
        Assert.Null(config.ResponseSchema);
    }

    [Fact]
    public void TextIsWhatIsAnsweredAnyway() =>
        Assert.Equal(new V1.GenerationConfig(), Of(new ChatOptions { ResponseFormat = ChatResponseFormat.Text }).GenerationConfig);

    [Theory]
    [InlineData(0, "1800")]
    [InlineData(-1, "18FFFFFFFFFFFFFFFFFF01")]
    [InlineData(1024, "188008")]
    public void TheBudgetForThinkingIsField3OfField25(int budget, string encoded)
    {
        var config = Of(null, Settings with { ThinkingBudget = budget }).GenerationConfig;

        Assert.Equal(
            [(ThinkingConfigField, (object)ByteString.CopyFrom(Convert.FromHexString(encoded)))],
            NumberedFields.Read(config, ThinkingConfigField));
    }

    [Fact]
    public void WithoutABudgetTheModelThinksAsItLikes() =>
        Assert.Empty(NumberedFields.Read(Of(null).GenerationConfig, ThinkingConfigField));

    [Theory]
    [InlineData(GeminiThinkingLevel.Minimal, 4)]
    [InlineData(GeminiThinkingLevel.Low, 1)]
    [InlineData(GeminiThinkingLevel.Medium, 2)]
    [InlineData(GeminiThinkingLevel.High, 3)]
    public void TheLevelOfThinkingIsField4OfField25(GeminiThinkingLevel level, int number)
    {
        var config = Of(null, Settings with { ThinkingLevel = level }).GenerationConfig;

        Assert.Equal((null, number), (BudgetOf(config), LevelOf(config)));
    }

    [Theory]
    [InlineData(ReasoningEffort.None, 4)]
    [InlineData(ReasoningEffort.Low, 1)]
    [InlineData(ReasoningEffort.Medium, 2)]
    [InlineData(ReasoningEffort.High, 3)]
    [InlineData(ReasoningEffort.ExtraHigh, 3)]
    public void AnEffortIsALevelAndGoesBeforeTheSettings(ReasoningEffort effort, int level)
    {
        var options = new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort } };

        foreach (var settings in (
            GeminiSettings[])[Settings, Settings with { ThinkingBudget = 7 }, Settings with { ThinkingLevel = GeminiThinkingLevel.Low }])
            Assert.Equal(
                (null, level), (BudgetOf(Of(options, settings).GenerationConfig), LevelOf(Of(options, settings).GenerationConfig)));
    }

    [Fact]
    public void WithoutAnEffortTheSettingsGo() =>
        Assert.Equal(
            7, BudgetOf(Of(new ChatOptions { Reasoning = new ReasoningOptions() }, Settings with { ThinkingBudget = 7 }).GenerationConfig));

    [Fact]
    public void ModalitiesAreTheNumbersInField21()
    {
        var config = Of(
            null, Settings with
            {
                ResponseModalities = [GeminiModality.Text, GeminiModality.Image,
            GeminiModality.Audio]
            }).GenerationConfig;

        Assert.Equal([1L, 2L, (object)3L], NumberedFields.Read(config, ResponseModalitiesField).Select(field => field.Value));
        Assert.Empty(NumberedFields.Read(Of(null).GenerationConfig, ResponseModalitiesField));
    }

    [Fact]
    public void SafetyIsSent()
    {
        var settings = Settings with
        {
            Safety = new Dictionary<V1.HarmCategory, V1.SafetySetting.Types.HarmBlockThreshold>
            {
                [V1.HarmCategory.Harassment] = V1.SafetySetting.Types.HarmBlockThreshold.BlockOnlyHigh,
                [V1.HarmCategory.HateSpeech] = V1.SafetySetting.Types.HarmBlockThreshold.Off,
            },
        };

        Assert.Equal(
            [
                new V1.SafetySetting { Category = V1.HarmCategory.Harassment,
                Threshold = V1.SafetySetting.Types.HarmBlockThreshold.BlockOnlyHigh },
                new V1.SafetySetting { Category = V1.HarmCategory.HateSpeech, Threshold = V1.SafetySetting.Types.HarmBlockThreshold.Off },
            ],
            Of(null, settings).SafetySettings);
    }

    [Fact]
    public void ToolsAreDeclared()
    {
        var request = Of(new ChatOptions
        {
            Tools =
            [
                AIFunctionFactory.Create(([Description("Which one.")] string city) => city, "weather", "Tells the weather."),
                AIFunctionFactory.Create(() => 1, "now", "Tells the time."),
            ],
        });

        Assert.Equal(
            new V1.Tool
            {
                FunctionDeclarations =
                {
                    new V1.FunctionDeclaration
                    {
                        Name = "weather",
                        Description = "Tells the weather.",
                    },
                    new V1.FunctionDeclaration { Name = "now", Description = "Tells the time." },
                },
            },
            WithoutSchemas(Assert.Single(request.Tools)));
        Assert.Equal(
            [true, false], request.Tools[0].FunctionDeclarations.Select(function => function.ParametersSchema() is not null));
        Assert.True(System.Text.Json.JsonElement.DeepEquals(
            Properties.Parse("""{"type":"object","properties":{"city":{"type":"string","description":"Which one."}},"required":["city"]}"""),
            request.Tools[0].FunctionDeclarations[0].ParametersSchema()!.Value));
        Assert.Null(request.ToolConfig);
    }

    [Fact]
    public void WithoutToolsThereAreNone()
    {
        Assert.Empty(Of(new ChatOptions { Tools = [] }).Tools);
        Assert.Null(Of(new ChatOptions { ToolMode = ChatToolMode.RequireAny }).ToolConfig);
    }

    [Fact]
    public void SearchIsAToolBesideTheFunctions()
    {
        var search = new V1.Tool { GoogleSearch = new V1.Tool.Types.GoogleSearch() };

        Assert.Equal([search], Of(new ChatOptions { Tools = [new HostedWebSearchTool()], ToolMode = ChatToolMode.RequireAny }).Tools);
        Assert.Equal(
            [new V1.Tool { FunctionDeclarations = { new V1.FunctionDeclaration { Name = "now" } } }, search],
            Of(new ChatOptions { Tools = [new HostedWebSearchTool(), AIFunctionFactory.Create(() => 1, "now")] }).Tools);
    }

    [Fact]
    public void AToolThatGeminiDoesNotHaveIsRefusedByItsName()
    {
        var refusal = Assert.Throws<NotSupportedException>(() => Of(new ChatOptions { Tools = [new HostedCodeInterpreterTool()] }));

        Assert.Contains("HostedCodeInterpreterTool", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheModelCallsToolsAsItIsTold()
    {
        Assert.Null(WithMode(null));
        Assert.Null(WithMode(ChatToolMode.Auto));
        Assert.Equal(new V1.FunctionCallingConfig { Mode = V1.FunctionCallingConfig.Types.Mode.None }, WithMode(ChatToolMode.None));
        Assert.Equal(new V1.FunctionCallingConfig { Mode = V1.FunctionCallingConfig.Types.Mode.Any }, WithMode(ChatToolMode.RequireAny));
        Assert.Equal(
            new V1.FunctionCallingConfig { Mode = V1.FunctionCallingConfig.Types.Mode.Any, AllowedFunctionNames = { "now" } },
            WithMode(ChatToolMode.RequireSpecific("now")));

        static V1.FunctionCallingConfig? WithMode(ChatToolMode? mode) =>
            Of(new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "now")], ToolMode = mode }).ToolConfig?.FunctionCallingConfig;
    }

    [Fact]
    public void ARequestOfOnesOwnIsGoneOnFrom()
    {
        var client = new NoChat();
        var request = GeminiRequest.From(
            [new ChatMessage(ChatRole.User, "Hi")],
            new ChatOptions
            {
                Temperature = 0.5f,
                RawRepresentationFactory = chat => chat != client ? null : new V1.GenerateContentRequest
                {
                    Model = "projects/q/locations/l/endpoints/1",
                    Labels = { ["team"] = "a" },
                    GenerationConfig = new V1.GenerationConfig { CandidateCount = 1, Temperature = 1 },
                    SafetySettings = { new V1.SafetySetting { Category = V1.HarmCategory.HateSpeech } },
                },
            },
            Settings with
            {
                Safety = new Dictionary<V1.HarmCategory, V1.SafetySetting.Types.HarmBlockThreshold>
                {
                    [V1.HarmCategory.Harassment] = default,
                },
            },
            client);

        Assert.Equal(
            new V1.GenerateContentRequest
            {
                Model = "projects/q/locations/l/endpoints/1",
                Labels = { ["team"] = "a" },
                GenerationConfig = new V1.GenerationConfig { CandidateCount = 1, Temperature = 0.5f },
                SafetySettings = { new V1.SafetySetting { Category = V1.HarmCategory.HateSpeech } },
                Contents = { new V1.Content { Role = "user", Parts = { new V1.Part { Text = "Hi" } } } },
            },
            request);
    }

    [Fact]
    public void ARequestOfAnotherServiceIsNotGoneOnFrom() =>
        Assert.Equal(Of(null), Of(new ChatOptions { RawRepresentationFactory = _ => new Value() }));

    [Fact]
    public void MessagesAreReadOnce()
    {
        var read = 0;
        IEnumerable<ChatMessage> Messages()
        {
            read++;
            yield return new ChatMessage(ChatRole.User, "Hi");
        }

        GeminiRequest.From(Messages(), null, Settings, new NoChat());

        Assert.Equal(1, read);
    }

    private static V1.GenerateContentRequest Of(ChatOptions? options, params ChatMessage[] messages) =>
        GeminiRequest.From(messages, options, Settings, new NoChat());

    private static V1.GenerateContentRequest Of(ChatOptions? options, GeminiSettings settings) =>
        GeminiRequest.From([], options, settings, new NoChat());

    private static string Contents(params ChatMessage[] messages) => Contents(Of(null, messages));

    private static string Contents(V1.GenerateContentRequest request) => string.Join('\n', request.Contents.Select(content =>
        $"{content.Role}: " + string.Join(" | ", content.Parts.Select(part => part.DataCase switch
        {
            V1.Part.DataOneofCase.Text => part.Text,
            V1.Part.DataOneofCase.FunctionCall => $"call {part.FunctionCall.Name}",
            V1.Part.DataOneofCase.FunctionResponse => $"result {part.FunctionResponse.Name}",
            _ => part.DataCase.ToString(),
        }))));

    private static long? BudgetOf(V1.GenerationConfig config) =>
        NumberedFields.Read(config, ThinkingConfigField) is [(_, ByteString thinking)] &&
            NumberedFields.Read(thinking.ToByteArray(), ThinkingBudgetField) is [(_, long budget)]
            ? budget
            : null;

    private static long? LevelOf(V1.GenerationConfig config) =>
        NumberedFields.Read(config, ThinkingConfigField) is [(_, ByteString thinking)] &&
            NumberedFields.Read(thinking.ToByteArray(), ThinkingLevelField) is [(_, long level)]
            ? level
            : null;

    /// <summary>Without the fields that the package does not name.</summary>
    private static V1.Tool WithoutSchemas(V1.Tool tool) => new()
    {
        FunctionDeclarations =
            { tool.FunctionDeclarations.Select(function =>
            new V1.FunctionDeclaration { Name = function.Name, Description = function.Description }) },
    };

    private static FunctionCallContent Call(string id, string name) => new(id, name);

    private sealed class NoChat : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public object? GetService(System.Type serviceType, object? serviceKey) => null;

        public void Dispose()
        {
        }
    }
}
