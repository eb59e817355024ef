using Google.Cloud.AIPlatform.V1;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Protocol.Tasks;
using Part = ServerlessA2A.Protocol.Messages.Part;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>A task is a conversation with the model, and its answer the task's artifacts.</summary>
public sealed class GeminiAgentTests : GeminiTest
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47, 1, 2, 3];

    [Fact]
    public async Task WhatTheModelSaysIsTheAnswerAndItsCostIsToldWithTheTask()
    {
        Vertex.Enqueue(ModelTurn.Say("Hel", "lo", " there.").WithUsage(input: 3, output: 5, total: 15, thoughts: 7));

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("Hello there.", TextOf(task));
        Assert.Equal("""{"model":"gemini-test","calls":1,"inputTokens":3,"outputTokens":5,"thinkingTokens":7}""", UsageOf(task).GetRawText());
    }

    [Fact]
    public async Task TheModelIsToldItsInstructionsTheMessageAndHowToAnswer()
    {
        Vertex.Enqueue(ModelTurn.Say("Ok"));

        await AskAsync(
            NewAgent(null, ("Instructions", "Be brief."), ("Temperature", "0.5"), ("TopP", "0.25"), ("MaxOutputTokens", "100"),
            ("StopSequences:0", "END"), ("Safety:Harassment", "BlockOnlyHigh")), "Hi");

        var request = Assert.Single(Vertex.Calls).Request;
        Assert.Equal("projects/p/locations/europe-west4/publishers/google/models/gemini-test", request.Model);
        Assert.Equal("Be brief.", Assert.Single(request.SystemInstruction.Parts).Text);
        Assert.Equal("user: Hi", Shown(request));
        Assert.Equal(
            (0.5f, 0.25f, 100, "END"),
            (request.GenerationConfig.Temperature, request.GenerationConfig.TopP, request.GenerationConfig.MaxOutputTokens,
            Assert.Single(request.GenerationConfig.StopSequences)));
        var safety = Assert.Single(request.SafetySettings);
        Assert.Equal((HarmCategory.Harassment, SafetySetting.Types.HarmBlockThreshold.BlockOnlyHigh), (safety.Category, safety.Threshold));
    }

    [Fact]
    public async Task FilesOfAllKindsReachTheModelAsTheyAre()
    {
        Vertex.Enqueue(ModelTurn.Say("I see."));

        await AskAsync(NewAgent(null, ("Buckets:0", "bucket")),
        [
            Part.FromText("Look"),
            Part.FromBytes(Png, "image/png"),
            Part.FromUri("gs://bucket/film.mp4", "video/mp4"),
            Part.FromUri("https://example.com/page.pdf", "application/pdf"),
            Part.FromData(System.Text.Json.JsonSerializer.SerializeToElement(new { a = 1 })),
            Part.FromBytes("x,y"u8.ToArray(), "text/csv", "table.csv"),
        ]);

        var request = Assert.Single(Vertex.Calls).Request;
        Assert.Equal(
            "user: Look | [image/png 7] | [video/mp4 gs://bucket/film.mp4] | [application/pdf https://example.com/page.pdf] | {\"a\":1} " +
            "| table.csv:\nx,y", Shown(request));
        Assert.Equal(Png, request.Contents[0].Parts[1].InlineData.Data.ToByteArray());
    }

    [Theory]
    [InlineData("gs://bucket/film.mp4", "bucket")]
    [InlineData("gs://listed-too/film.mp4", "listed-too")]
    [InlineData("gs://Listed/film.mp4", "Listed")]
    [InlineData("gs://bucket@listed/film.mp4", "bucket@listed")]
    [InlineData("gs://listed@bucket/film.mp4", "listed@bucket")]
    [InlineData("gs://listed:443/film.mp4", "listed:443")]
    [InlineData("gs:/xlisted/film.mp4", "")]
    [InlineData("gs:listed/film.mp4", "")]
    [InlineData("gs:///listed/film.mp4", "")]
    [InlineData("gs://listed?/film.mp4", "listed?")]
    [InlineData(" GS://bucket/film.mp4", "bucket")]
    public async Task AFileOfABucketThatIsNotListedIsRejectedAndItsBucketIsNotAskedFor(string url, string bucket)
    {
        var task = await AskAsync(NewAgent(null, ("Buckets:0", "listed")), [Part.FromText("Look"), Part.FromUri(url, "video/mp4")]);

        Assert.Equal(
            (TaskState.Rejected, $"message.parts[1].url: the agent does not read files of the bucket '{bucket}'."),
            (task.State, Said(task)));
        Assert.Contains(
            Logs.Entries, entry =>
            entry.Id.Id == 6007 && entry.Text.EndsWith($"bucket {bucket} is not in A2A:Gemini:Buckets", StringComparison.Ordinal));
        Assert.Empty(Vertex.Calls);
    }

    [Theory]
    [InlineData("listed", "gs://listed/a/film.mp4")]
    [InlineData("*", "gs://any/film.mp4")]
    public async Task AFileOfAListedBucketReachesTheModel(string bucket, string url)
    {
        Vertex.Enqueue(ModelTurn.Say("I see."));

        await AskAsync(NewAgent(null, ("Buckets:0", bucket)), [Part.FromUri(url, "video/mp4")]);

        Assert.Equal($"user: [video/mp4 {url}]", Shown(Assert.Single(Vertex.Calls).Request));
    }

    [Fact]
    public async Task FilesThatTheServiceWouldRefuseAreSentAsItTakesThem()
    {
        Vertex.Enqueue(ModelTurn.Say("I see."));

        await AskAsync(NewAgent(),
        [
            Part.FromText("Look"),
            Part.FromBytes("<svg/>"u8.ToArray(), "image/svg+xml", "a.svg"),
            Part.FromBytes("{}"u8.ToArray(), "application/ld+json"),
            Part.FromUri("data:image/png;base64,AQID"),
            Part.FromUri("https://example.com/a.svg", "image/svg+xml"),
            Part.FromBytes(Array.Empty<byte>(), "image/png", "b.png"),
        ]);

        Assert.Equal(
            "user: Look | a.svg:\n<svg/> | {} | [image/png 3] | [text/plain https://example.com/a.svg] | (The file b.png is empty.)",
            Shown(Assert.Single(Vertex.Calls).Request));
    }

    [Fact]
    public async Task ASettingThatTheModelRefusesIsNamed()
    {
        Vertex.Answer = _ => ModelTurn.Fail(global::Grpc.Core.StatusCode.InvalidArgument, "Temperature is not supported for this model.");

        var task = await AskAsync(NewAgent(null, ("Temperature", "0.5"), ("ThinkingLevel", "low")), "Hi");

        Assert.Equal(
            (TaskState.Failed,
            "Gemini rejected the request: Temperature is not supported for this model. Remove the setting A2A:Gemini:Temperature " +
            "(A2A__Gemini__Temperature)."),
            (task.State, Said(task)));
    }

    [Fact]
    public async Task AFileThatNoModelCanReadIsRejectedByItsName()
    {
        var untyped = await AskAsync(NewAgent(), [Part.FromText("Look"), Part.FromBytes(Png)]);
        var insecure = await AskAsync(NewAgent(), [Part.FromUri("http://example.com/a.png", "image/png")]);

        Assert.Equal(
            (TaskState.Rejected, "message.parts[1].mediaType is not set: set the media type of the file, such as image/png."),
            (untyped.State, Said(untyped)));
        Assert.Equal(
            (TaskState.Rejected,
            "message.parts[0].url is 'http://example.com/a.png': the model reads files at gs:// and https:// addresses, and in data: " +
            "addresses."), (insecure.State, Said(insecure)));
        Assert.Empty(Vertex.Calls);
    }

    [Fact]
    public async Task APictureThatTheModelDrawsIsAFileOfItsOwn()
    {
        Vertex.Enqueue(ModelTurn.Say("Here it is.").Image(Png, "image/png").Image([1, 2], "image/webp"));

        var task = await AskAsync(NewAgent(null, ("ResponseModalities:0", "Text"), ("ResponseModalities:1", "Image")), "Draw");

        Assert.Equal(["answer", "image-1", "image-2"], task.Task.Artifacts!.Select(artifact => artifact.ArtifactId));
        Assert.Equal("Here it is.", TextOf(task));
        var picture = Assert.Single(task.Task.Artifacts![1].Parts);
        Assert.Equal(("image/png", Convert.ToHexString(Png)), (picture.MediaType, Convert.ToHexString(picture.Raw!.Value.Span)));
    }

    [Fact]
    public async Task JsonThatWasAskedForIsADataPart()
    {
        Vertex.Enqueue(ModelTurn.Say("{\"city\":", "\"Rome\"}"));

        var task = await AskAsync(NewAgent(null, ("AskUser", "false")), "Where?", accepted: "application/json");

        var part = Assert.Single(Assert.Single(task.Task.Artifacts!).Parts);
        Assert.Equal(("application/json", """{"city":"Rome"}"""), (part.MediaType, part.Data!.Value.GetRawText()));
        Assert.Equal("application/json", Vertex.Calls[0].Request.GenerationConfig.ResponseMimeType);
    }

    [Fact]
    public async Task TheSourcesOfAnAnswerAreItsArtifactsMetadata()
    {
        Vertex.Enqueue(ModelTurn.Say("Sunny.").Sources(("https://weather.example/rome", "Weather")));

        var task = await AskAsync(NewAgent(null, ("GoogleSearch", "true")), "Weather in Rome?");

        var source = Assert.Single(Assert.Single(task.Task.Artifacts!).Metadata!.Value.GetProperty("sources").EnumerateArray());
        Assert.Equal(
            ("https://weather.example/rome", "Weather"), (source.GetProperty("uri").GetString(), source.GetProperty("title").GetString()));
        var tool = Assert.Single(Vertex.Calls[0].Request.Tools);
        Assert.NotNull(tool.GoogleSearch);
        Assert.Empty(tool.FunctionDeclarations);
    }

    [Fact]
    public async Task AnAnswerThatReachesTheLimitOfTokensIsGivenAsFarAsItCame()
    {
        Vertex.Enqueue(ModelTurn.Say("Once upon a ti").Finish(Candidate.Types.FinishReason.MaxTokens));
        Vertex.Enqueue(ModelTurn.Raw(Ended(Candidate.Types.FinishReason.MaxTokens)));

        var partly = await AskAsync(NewAgent(), "A tale");
        var nothing = await AskAsync(NewAgent(), "A tale");

        Assert.Equal((TaskState.Completed, "Once upon a ti"), (partly.State, TextOf(partly)));
        Assert.Equal("MAX_TOKENS", partly.Task.Metadata!.Value.GetProperty("finishReason").GetString());
        Assert.Equal(TaskState.Failed, nothing.State);
        Assert.Contains("A2A__Gemini__MaxOutputTokens", Said(nothing));
    }

    [Fact]
    public async Task ThoughtsAreNoAnswer()
    {
        Vertex.Enqueue(ModelTurn.Think("Let me see.").Say("42"));

        Assert.Equal("42", TextOf(await AskAsync(NewAgent(), "What?")));
    }

    private static GenerateContentResponse Ended(Candidate.Types.FinishReason reason) =>
        new() { Candidates = { new Candidate { FinishReason = reason } } };
}
