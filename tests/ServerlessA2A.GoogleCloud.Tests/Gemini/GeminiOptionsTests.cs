using Google.Cloud.AIPlatform.V1;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using static Google.Cloud.AIPlatform.V1.SafetySetting.Types;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

public class GeminiOptionsTests
{
    [Fact]
    public void AModelAndAProjectAreEnough() => Assert.Empty(new GeminiOptions { Model = "m", ProjectId = "p" }.Validate());

    [Theory]
    [InlineData("Model", null, "is not set", "such as gemini-3.5-flash")]
    [InlineData("Model", " ", "is not set", "such as gemini-3.5-flash")]
    [InlineData("ProjectId", null, "is not set", "A2A:GoogleCloud:ProjectId", "GOOGLE_CLOUD_PROJECT", "GCP_PROJECT", "GCLOUD_PROJECT")]
    [InlineData("Location", "", "is ''", "global", "europe-west4")]
    [InlineData("Location", "locations/global", "is 'locations/global'", "set global")]
    [InlineData("Location", "europe-west4-aiplatform.googleapis.com", "is 'europe-west4-aiplatform.googleapis.com'", "set global")]
    [InlineData("Endpoint", "grpc://host", "is 'grpc://host'", "http or https")]
    [InlineData("Endpoint", "http://", "is 'http://'", "http or https")]
    [InlineData("Temperature", "-0.1", "is -0.1", "set 0 to 2")]
    [InlineData("Temperature", "2.1", "is 2.1", "set 0 to 2")]
    [InlineData("TopP", "-0.1", "is -0.1", "set 0 to 1")]
    [InlineData("TopP", "1.1", "is 1.1", "set 0 to 1")]
    [InlineData("MaxOutputTokens", "0", "is 0", "at least 1")]
    [InlineData("ThinkingBudget", "-2", "is -2", "set -1 or more")]
    [InlineData("ThinkingLevel", "maximal", "is 'maximal'", "minimal, low, medium or high")]
    [InlineData("ThinkingLevel", "1", "is '1'", "minimal, low, medium or high")]
    [InlineData("ThinkingLevel", "low,high", "is 'low,high'", "minimal, low, medium or high")]
    [InlineData("Buckets:0", "gs://bucket", "is 'gs://bucket'", "without gs://")]
    [InlineData("Buckets:0", "", "is ''", "a bucket's name")]
    [InlineData("Buckets:0", "bucket-*", "is 'bucket-*'", "* for any")]
    [InlineData("Safety:Harassment", "Never", "is 'Never'", "BlockOnlyHigh", "Harassment", "HateSpeech")]
    [InlineData("Safety:Rudeness", "Off", "is 'Off'", "BlockOnlyHigh", "Harassment")]
    [InlineData("Safety:Harassment", "17", "is '17'", "BlockOnlyHigh")]
    [InlineData("Safety:17", "Off", "is 'Off'", "Harassment")]
    [InlineData("Safety:Harassment", "Unspecified", "is 'Unspecified'", "BlockOnlyHigh")]
    [InlineData("Safety:Harassment", "Off,BlockNone", "is 'Off,BlockNone'", "BlockOnlyHigh")]
    [InlineData("ResponseSchema", "{", "is '{'", "a JSON Schema")]
    [InlineData("ResponseSchema", "[]", "is '[]'", "a JSON Schema")]
    [InlineData("ToolTimeLimit", "00:00:00", "is 00:00:00", "set a time above 0")]
    [InlineData("ToolTimeLimit", "1.00:00:01", "is 1.00:00:01", "up to a day")]
    [InlineData("ToolTimeLimit", "00:08:21", "is 00:08:21", "set at most 00:08:20", "A2A__Tasks__RunTimeLimit", "ToolContext.Sleep")]
    [InlineData("MaxTurns", "0", "is 0", "at least 1")]
    [InlineData("MemoryTokens", "-1", "is -1", "0 or more")]
    public void AFaultNamesTheSettingItsVariableTheValueAndTheRemedy(string name, string? value, params string[] words)
    {
        var settings = new Dictionary<string, string?> { ["Model"] = "m", ["ProjectId"] = "p", [name] = value };

        var fault = Assert.Single(Bound(settings).Validate());

        Assert.StartsWith(
            $"A2A:Gemini:{name} (A2A__Gemini__{name.Replace(":", "__", StringComparison.Ordinal)}) ", fault, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Location", "us-central1")]
    [InlineData("Endpoint", "europe-west4-aiplatform.googleapis.com")]
    [InlineData("Endpoint", "http://127.0.0.1:8080")]
    [InlineData("Endpoint", "https://example.com")]
    [InlineData("Endpoint", "")]
    [InlineData("Temperature", "0")]
    [InlineData("Temperature", "2")]
    [InlineData("TopP", "1")]
    [InlineData("MaxOutputTokens", "1")]
    [InlineData("ThinkingBudget", "-1")]
    [InlineData("ThinkingBudget", "0")]
    [InlineData("ThinkingLevel", "minimal")]
    [InlineData("ThinkingLevel", "High")]
    [InlineData("ThinkingLevel", "")]
    [InlineData("Safety:harassment", "blockonlyhigh")]
    [InlineData("ResponseSchema", """{"type":"object"}""")]
    [InlineData("ToolTimeLimit", "00:08:20")]
    [InlineData("MaxTurns", "1")]
    [InlineData("MemoryTokens", "0")]
    public void WhatIsAllowedIsNoFault(string name, string value) =>
        Assert.Empty(Bound(new() { ["Model"] = "m", ["ProjectId"] = "p", [name] = value }).Validate());

    [Fact]
    public void ALevelAndABudgetAtOnceAreAFault()
    {
        var fault = Assert.Single(
            Bound(new() { ["Model"] = "m", ["ProjectId"] = "p", ["ThinkingLevel"] = "low", ["ThinkingBudget"] = "5" }).Validate());

        Assert.StartsWith(
            "A2A:Gemini:ThinkingLevel (A2A__Gemini__ThinkingLevel) is 'low' and A2A:Gemini:ThinkingBudget (A2A__Gemini__ThinkingBudget) " +
            "is 5: remove one of them", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("minimal", GeminiThinkingLevel.Minimal)]
    [InlineData("low", GeminiThinkingLevel.Low)]
    [InlineData("Medium", GeminiThinkingLevel.Medium)]
    [InlineData("HIGH", GeminiThinkingLevel.High)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void TheLevelIsTheOneThatIsNamed(string? name, GeminiThinkingLevel? level) =>
        Assert.Equal(level, Bound(new() { ["Model"] = "m", ["ProjectId"] = "p", ["ThinkingLevel"] = name }).ToSettings().ThinkingLevel);

    [Fact]
    public void AllFaultsAreToldAtOnce() => Assert.Equal(
        ["Model", "ProjectId", "Temperature", "MaxTurns"],
        new GeminiOptions { Temperature = 3, MaxTurns = 0 }.Validate().Select(fault => fault.Split(' ')[0].Split(':')[^1]));

    [Fact]
    public void BadSettingsAreToldWhenTheOptionsAreUsed()
    {
        using var provider = Services(new() { ["A2A:Gemini:Temperature"] = "3" });

        var failure = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<GeminiOptions>>().Value);

        Assert.Equal(3, failure.Failures.Count());
    }

    [Fact]
    public void EverySettingIsBound()
    {
        var options = Bound(new()
        {
            ["Model"] = "m",
            ["ProjectId"] = "p",
            ["Location"] = "europe-west4",
            ["Endpoint"] = "http://127.0.0.1:1",
            ["Instructions"] = "Be brief.",
            ["Temperature"] = "0.5",
            ["TopP"] = "0.25",
            ["MaxOutputTokens"] = "100",
            ["StopSequences:0"] = "END",
            ["StopSequences:1"] = "STOP",
            ["ThinkingBudget"] = "-1",
            ["ResponseModalities:0"] = "Text",
            ["ResponseModalities:1"] = "image",
            ["Safety:Harassment"] = "BlockOnlyHigh",
            ["Safety:hatespeech"] = "off",
            ["ResponseSchema"] = "{}",
            ["GoogleSearch"] = "true",
            ["Tools"] = "false",
            ["DisabledTools:0"] = "now",
            ["AskUser"] = "true",
            ["ToolTimeLimit"] = "00:00:05",
            ["MaxTurns"] = "3",
            ["MemoryTokens"] = "4",
        });

        Assert.Empty(options.Validate());
        Assert.Equal(("Be brief.", "{}", "http://127.0.0.1:1"), (options.Instructions, options.ResponseSchema, options.Endpoint));
        Assert.Equal((true, false, true), (options.GoogleSearch, options.Tools, options.AskUser));
        Assert.Equal(["now"], options.DisabledTools);
        Assert.Equal((TimeSpan.FromSeconds(5), 3, 4), (options.ToolTimeLimit, options.MaxTurns, options.MemoryTokens));
        var settings = options.ToSettings();
        Assert.Equal(("p", "europe-west4", "m"), (settings.ProjectId, settings.Location, settings.Model));
        Assert.Equal((0.5f, 0.25f, 100, -1), (settings.Temperature, settings.TopP, settings.MaxOutputTokens, settings.ThinkingBudget));
        Assert.Equal(["END", "STOP"], settings.StopSequences);
        Assert.Equal([GeminiModality.Text, GeminiModality.Image], settings.ResponseModalities);
        Assert.Equal(
            new Dictionary<HarmCategory, HarmBlockThreshold>
            {
                [HarmCategory.Harassment] = HarmBlockThreshold.BlockOnlyHigh,
                [HarmCategory.HateSpeech] = HarmBlockThreshold.Off
            },
            settings.Safety);
    }

    [Fact]
    public void WhatIsNotSetIsTheModelsOwn()
    {
        var options = Bound(new() { ["Model"] = "m", ["ProjectId"] = "p" });
        var settings = options.ToSettings();

        Assert.Equal("global", settings.Location);
        Assert.Equal(
            (null, null, null, null, null),
            (settings.Temperature, settings.TopP, settings.MaxOutputTokens, settings.ThinkingLevel, settings.ThinkingBudget));
        Assert.Empty(settings.StopSequences);
        Assert.Empty(settings.ResponseModalities);
        Assert.Empty(settings.Safety);
        Assert.Equal(
            (6, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3)), (settings.MaxTries, settings.RetryLimit, settings.SilenceLimit));
        Assert.Equal((true, false, null), (options.Tools, options.GoogleSearch, options.AskUser));
    }

    [Theory]
    [InlineData("gemini", "A2A:Gemini:ProjectId=gemini", "A2A:GoogleCloud:ProjectId=cloud", "GOOGLE_CLOUD_PROJECT=env")]
    [InlineData("cloud", "A2A:GoogleCloud:ProjectId=cloud", "GOOGLE_CLOUD_PROJECT=env")]
    [InlineData("cloud", "A2A:Gemini:ProjectId= ", "A2A:GoogleCloud:ProjectId=cloud")]
    [InlineData("env", "GOOGLE_CLOUD_PROJECT=env", "GCP_PROJECT=other")]
    [InlineData("env", "GCP_PROJECT=env")]
    [InlineData("env", "A2A:GoogleCloud:ProjectId=", "GCLOUD_PROJECT=env")]
    public void TheProjectIsTheOneThatIsSetOrThatOfGoogleCloudOrOfTheEnvironment(string expected, params string[] configuration)
    {
        var settings = configuration.Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => (string?)pair[1]);
        settings["A2A:Gemini:Model"] = "m";
        using var provider = Services(settings);

        Assert.Equal(expected, provider.GetRequiredService<IOptions<GeminiOptions>>().Value.ProjectId);
    }

    [Fact]
    public void OnTheEmulatorsAProjectIsStillNeeded()
    {
        using var provider = Services(new() { ["A2A:Gemini:Model"] = "m", ["FIRESTORE_EMULATOR_HOST"] = "127.0.0.1:1" });

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<GeminiOptions>>().Value);
    }

    [Theory]
    [InlineData("text/plain, application/json")]
    [InlineData("text/plain, application/json", "Text")]
    [InlineData("text/plain, application/json, image/*", "Text", "Image")]
    [InlineData("text/plain, application/json, audio/*", "Audio")]
    [InlineData("text/plain, application/json, image/*, audio/*", "Image", "Audio")]
    public void TheCardSaysWhatTheModelReadsAndWrites(string written, params string[] modalities)
    {
        var settings = Valid();
        for (var i = 0; i < modalities.Length; i++)
            settings[$"A2A:Gemini:ResponseModalities:{i}"] = modalities[i];
        using var provider = Services(settings);

        var card = provider.GetRequiredService<IOptions<AgentCardOptions>>().Value;

        Assert.Equal(written, string.Join(", ", card.OutputModes));
        Assert.Equal(
            ["text/plain", "application/json", "application/xml", "text/*", "image/*", "audio/*", "video/*", "application/pdf"],
            card.InputModes.Take(8));
        // What the model is given as text.
        Assert.Contains("application/yaml", card.InputModes);
        Assert.Equal(card.InputModes.Distinct(), card.InputModes);
    }

    [Fact]
    public void TheCardSaysWhatItIsToldTo()
    {
        using var provider = Services(Valid(), services => services.AddOptions<AgentCardOptions>().Configure(card =>
        {
            card.InputModes.Add("text/plain");
            card.OutputModes.Add("image/png");
        }));

        var card = provider.GetRequiredService<IOptions<AgentCardOptions>>().Value;

        Assert.Equal(["text/plain"], card.InputModes);
        Assert.Equal(["image/png"], card.OutputModes);
    }

    [Fact]
    public void TheAgentAnswersWithGeminiUnlessAnotherChatOrAgentIsThere()
    {
        using var provider = Services(Valid(), services => services.AddLogging());

        Assert.IsType<ChatAgent>(provider.GetRequiredService<IAgent>());
        var chat = provider.GetRequiredService<IChatClient>();
        Assert.IsType<GeminiChatClient>(chat);
        var metadata = chat.GetService<ChatClientMetadata>()!;
        Assert.Equal(
            ("gcp.vertex_ai", "m", new Uri("https://aiplatform.googleapis.com")),
            (metadata.ProviderName, metadata.DefaultModelId, metadata.ProviderUri));

        var other = new OfflineAgent(TimeProvider.System);
        using var another = Services(Valid(), services => services.AddSingleton<IAgent>(other));
        Assert.Same(other, another.GetRequiredService<IAgent>());
    }

    [Theory]
    [InlineData(true, "one", "two")]
    [InlineData(false, "one", "one")]
    [InlineData(false, "ask_user")]
    public void EachToolHasANameOfItsOwn(bool isWell, params string[] names)
    {
        using var provider = Services(Valid(), services => names.ToList().ForEach(name => services.AddAgentTool(() => 1, name)));

        var failure = Record.Exception(() => provider.GetRequiredService<IOptions<GeminiOptions>>().Value);

        Assert.Equal(isWell, failure is null);
        Assert.Equal(!isWell, failure is OptionsValidationException);
        if (failure is not null)
            Assert.Contains("AddAgentTool", failure.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Valid() => new() { ["A2A:Gemini:Model"] = "m", ["A2A:Gemini:ProjectId"] = "p" };

    /// <summary>As they are bound, not yet validated.</summary>
    private static GeminiOptions Bound(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddGemini(Configuration(settings.ToDictionary(setting => $"A2A:Gemini:{setting.Key}", setting => setting.Value)));
        var validation = services.Where(service => service.ServiceType == typeof(IValidateOptions<GeminiOptions>)).ToList();
        validation.ForEach(service => services.Remove(service));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<GeminiOptions>>().Value;
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        more?.Invoke(services);
        services.AddGemini(Configuration(settings));
        return services.BuildServiceProvider();
    }

    private static IConfiguration Configuration(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
