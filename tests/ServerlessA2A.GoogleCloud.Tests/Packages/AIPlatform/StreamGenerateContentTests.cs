using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Tests.Support;
using static Google.Cloud.AIPlatform.V1.Candidate.Types;
using SchemaType = Google.Cloud.AIPlatform.V1.Type;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.AIPlatform;

public class StreamGenerateContentTests : AIPlatformTest
{
    [Fact]
    public async Task MessagesComeOneByOneAndTheLastSaysWhatItTook()
    {
        Vertex.Enqueue(ModelTurn.Say("Hel", "lo").WithUsage(input: 3, output: 2, total: 9, cached: 1));

        var messages = await ReadAsync(Client.StreamGenerateContent(Ask("Hi")));

        Assert.Equal(["Hel", "lo"], messages.Select(Text));
        Assert.Equal([FinishReason.Unspecified, FinishReason.Stop], messages.Select(message => message.Candidates.Single().FinishReason));
        var usage = messages[1].UsageMetadata;
        Assert.Equal(
            (3, 2, 9, 1), (usage.PromptTokenCount, usage.CandidatesTokenCount, usage.TotalTokenCount, usage.CachedContentTokenCount));
        Assert.Equal(["gemini-3.5-flash"], messages.Select(message => message.ModelVersion).Distinct());
        Assert.Equal(CallEnd.Completed, await EndOfAsync(Vertex.Calls.Single()));
    }

    [Fact]
    public async Task AMessageIsThereBeforeTheNextOneIsSaid()
    {
        var read = new TaskCompletionSource();
        Vertex.Enqueue(ModelTurn.Say("first").Wait(read.Task).Say("second"));

        using var stream = Client.StreamGenerateContent(Ask("Hi"));
        var messages = stream.GetResponseStream();
        Assert.True(await messages.MoveNextAsync().AsTask().WithinLimit("the first message"));
        var first = Text(messages.Current);
        read.SetResult();
        Assert.True(await messages.MoveNextAsync(CancellationToken.None).AsTask().WithinLimit("the second message"));
        var second = Text(messages.Current);

        Assert.Equal(("first", "second"), (first, second));
        Assert.False(await messages.MoveNextAsync());
        Assert.False(await messages.MoveNextAsync());
    }

    [Fact]
    public async Task TheCallBeginsBeforeItsAnswerIsRead()
    {
        Vertex.Enqueue(ModelTurn.Say("Hello"));

        using var stream = Client.StreamGenerateContent(Ask("Hi"));
        var call = await Vertex.NextCallAsync(Guard.Limit);

        Assert.Equal(CallEnd.Completed, await EndOfAsync(call));
        Assert.Equal("Hello", Text(Assert.Single(await ReadAsync(stream))));
    }

    [Fact]
    public async Task TheRequestArrivesAsItWasMade()
    {
        Vertex.Enqueue(ModelTurn.Say("Hello"));
        var request = Ask("Hi");
        request.SystemInstruction = new() { Parts = { new Part { Text = "Be brief." } } };
        request.GenerationConfig = new()
        {
            Temperature = 0,
            TopK = 3,
            MaxOutputTokens = 100,
            StopSequences = { "stop" },
            ResponseMimeType = "application/json",
            ResponseSchema = new()
            {
                Type = SchemaType.Object,
                Properties = { ["city"] = new() { Type = SchemaType.String, MaxLength = 3 } },
                Required = { "city" },
            },
        };
        request.SafetySettings.Add(
            new SafetySetting { Category = HarmCategory.Harassment, Threshold = SafetySetting.Types.HarmBlockThreshold.BlockOnlyHigh });
        request.Tools.Add(
            new Tool
            {
                FunctionDeclarations = { new FunctionDeclaration { Name = "get_weather", Description = "Today's" } },
                GoogleSearch = new()
            });
        request.ToolConfig =
            new()
            {
                FunctionCallingConfig = new()
                {
                    Mode = FunctionCallingConfig.Types.Mode.Any,
                    AllowedFunctionNames = { "get_weather" }
                }
            };
        request.Labels["of"] = "a test";
        var response = new FunctionResponse
        {
            Name = "get_weather",
            Response = new() { Fields = { ["sun"] = Google.Protobuf.WellKnownTypes.Value.ForBool(true) } }
        };
        request.Contents.Add(
            new Content { Role = "model", Parts = { new Part { FunctionCall = new FunctionCall { Name = "get_weather" } } } });
        request.Contents.Add(new Content { Role = "user", Parts = { new Part { FunctionResponse = response } } });

        await ReadAsync(Client.StreamGenerateContent(request));
        var call = Vertex.Calls.Single();

        Assert.Equal(request, call.Request);
        Assert.True(call.Request.GenerationConfig.HasTemperature);
        Assert.False(call.Request.GenerationConfig.HasTopP);
        Assert.Equal(
            "model=projects%2Fp%2Flocations%2Feurope-west1%2Fpublishers%2Fgoogle%2Fmodels%2Fgemini-3.5-flash",
            call.Headers["x-goog-request-params"]);
        Assert.Equal("application/grpc", call.Headers["content-type"]);
        Assert.False(call.Headers.ContainsKey("authorization"));
        Assert.False(call.Headers.ContainsKey("grpc-timeout"));
    }

    [Fact]
    public async Task FunctionCallsComeTogetherAndSourcesInTheLastMessage()
    {
        Vertex.Enqueue(
            ModelTurn.Call("get_weather", new { city = "Rome", days = 2 }).Call("get_time"),
            ModelTurn.Say("It is sunny.").Sources(("https://weather.example/rome", "Weather")));

        var calls = Assert.Single(await ReadAsync(Client.StreamGenerateContent(Ask("Weather?")))).Candidates.Single().Content.Parts;
        var answer = Assert.Single(await ReadAsync(Client.StreamGenerateContent(Ask("Weather?"))));
        var source = answer.Candidates[0].GroundingMetadata.GroundingChunks.Single().Web;

        Assert.Equal(["get_weather", "get_time"], calls.Select(part => part.FunctionCall.Name));
        Assert.Equal(
            ("Rome", 2), (calls[0].FunctionCall.Args.Fields["city"].StringValue, calls[0].FunctionCall.Args.Fields["days"].NumberValue));
        Assert.Equal(("https://weather.example/rome", "Weather"), (source.Uri, source.Title));
    }

    [Fact]
    public async Task AnAnswerIsGoneThroughOnce()
    {
        Vertex.Enqueue(ModelTurn.Say("Hello"));
        using var stream = Client.StreamGenerateContent(Ask("Hi"));
        var messages = stream.GetResponseStream();

        await foreach (var _ in messages)
        {
        }

        Assert.Throws<InvalidOperationException>(() => messages.GetAsyncEnumerator());
    }

    [Fact]
    public async Task ManyCallsGoAtTheSameTime()
    {
        const int Many = 50;
        var all = new TaskCompletionSource();
        var arrived = 0;
        Vertex.Answer = request =>
        {
            if (Interlocked.Increment(ref arrived) == Many)
                all.SetResult();
            return ModelTurn.Say("You said: ").Wait(all.Task).Say(request.Contents[0].Parts[0].Text);
        };

        var reads = Enumerable.Range(0, Many).Select(n => ReadAsync(Client.StreamGenerateContent(Ask($"{n}"))));
        var answers = await Task.WhenAll(reads).WithinLimit("all answers");

        Assert.Equal(
            Enumerable.Range(0, Many).Select(n => $"You said: {n}"), answers.Select(messages => string.Concat(messages.Select(Text))));
    }
}
