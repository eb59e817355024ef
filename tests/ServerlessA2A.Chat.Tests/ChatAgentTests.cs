using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Protocol.Tasks;
using Part = ServerlessA2A.Protocol.Messages.Part;

namespace ServerlessA2A.Chat.Tests;

/// <summary>A task is a conversation with the model, and its answer the task's artifacts.</summary>
public sealed class ChatAgentTests : ChatAgentTest
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4e, 0x47, 1, 2, 3];

    [Fact]
    public async Task WhatTheModelSaysIsTheAnswerAndItsCostIsToldWithTheTask()
    {
        Model.Enqueue(ModelTurn.Say("Hel", "lo", " there.").WithUsage(input: 3, output: 12, thoughts: 7));

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("Hello there.", TextOf(task));
        Assert.Equal("""{"model":"scripted-1","calls":1,"inputTokens":3,"outputTokens":5,"thinkingTokens":7}""", UsageOf(task).GetRawText());
    }

    [Fact]
    public async Task TheModelIsToldItsInstructionsTheMessageAndHowToAnswer()
    {
        Model.Enqueue(ModelTurn.Say("Ok"));

        await AskAsync(
            NewAgent(null, ("Instructions", "Be brief."), ("Temperature", "0.5"), ("TopP", "0.25"), ("MaxOutputTokens", "100"),
            ("StopSequences:0", "END")), "Hi");

        var call = Assert.Single(Model.Calls);
        Assert.Equal("user: Hi", Shown(call));
        Assert.Equal(
            ("Be brief.", 0.5f, 0.25f, 100),
            (call.Options.Instructions, call.Options.Temperature, call.Options.TopP, call.Options.MaxOutputTokens));
        Assert.Equal("END", Assert.Single(call.Options.StopSequences!));
    }

    [Fact]
    public async Task FilesOfAllKindsReachTheModelAsTheyAre()
    {
        Model.Enqueue(ModelTurn.Say("I see."));

        await AskAsync(NewAgent(),
        [
            Part.FromText("Look"),
            Part.FromBytes(Png, "image/png"),
            Part.FromUri("https://example.com/page.pdf", "application/pdf"),
            Part.FromData(System.Text.Json.JsonSerializer.SerializeToElement(new { a = 1 })),
            Part.FromBytes("x,y"u8.ToArray(), "text/csv", "table.csv"),
        ]);

        var call = Assert.Single(Model.Calls);
        Assert.Equal(
            "user: Look | [image/png 7] | [application/pdf https://example.com/page.pdf] | {\"a\":1} | table.csv:\nx,y", Shown(call));
        Assert.Equal(Png, Assert.IsType<DataContent>(call.Messages[0].Contents[1]).Data.ToArray());
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
            "message.parts[0].url is 'http://example.com/a.png': the model reads files at https:// addresses, and in data: addresses."),
            (insecure.State, Said(insecure)));
        Assert.Empty(Model.Calls);
    }

    [Fact]
    public async Task APictureThatTheModelDrawsIsAFileOfItsOwn()
    {
        Model.Enqueue(ModelTurn.Say("Here it is.").Image(Png, "image/png").Image([1, 2], "image/webp"));

        var task = await AskAsync(NewAgent(), "Draw");

        Assert.Equal(["answer", "image-1", "image-2"], task.Task.Artifacts!.Select(artifact => artifact.ArtifactId));
        Assert.Equal("Here it is.", TextOf(task));
        var picture = Assert.Single(task.Task.Artifacts![1].Parts);
        Assert.Equal(("image/png", Convert.ToHexString(Png)), (picture.MediaType, Convert.ToHexString(picture.Raw!.Value.Span)));
    }

    [Fact]
    public async Task WhatTheClientCanNotTakeIsLeftOut()
    {
        Model.Answer = _ => ModelTurn.Say("Here it is.").Image(Png, "image/png");

        var textOnly = await AskAsync(NewAgent(), "Draw", accepted: "text/plain");
        var imagesOnly = await AskAsync(NewAgent(), "Draw", accepted: "image/*");
        var markdown = await AskAsync(NewAgent(), "Draw", accepted: "text/markdown");

        Assert.Equal(["answer"], textOnly.Task.Artifacts!.Select(artifact => artifact.ArtifactId));
        Assert.Equal(["image-1"], imagesOnly.Task.Artifacts!.Select(artifact => artifact.ArtifactId));
        Assert.Equal("text/markdown", Assert.Single(Assert.Single(markdown.Task.Artifacts!).Parts).MediaType);
    }

    [Fact]
    public async Task AClientThatTakesOnlyPicturesIsToldWhereThereIsNone()
    {
        Model.Enqueue(ModelTurn.Say("I can't draw."));

        var task = await AskAsync(NewAgent(), "Draw", accepted: "image/png");

        Assert.Equal(
            (TaskState.Failed, "The model produced none of the media types that the client accepts: image/png."), (task.State, Said(task)));
    }

    [Fact]
    public async Task AClientThatTakesOnlyPicturesGetsNoneFromAnAnswerThatReachesItsLimitBefore()
    {
        Model.Enqueue(ModelTurn.Say("Here it ").Finish(ChatFinishReason.Length));

        var task = await AskAsync(NewAgent(), "Draw", accepted: "image/png");

        Assert.Equal(TaskState.Failed, task.State);
        Assert.Contains("A2A__Chat__MaxOutputTokens", Said(task));
    }

    [Fact]
    public async Task JsonThatWasAskedForIsADataPart()
    {
        Model.Enqueue(ModelTurn.Say("{\"city\":", "\"Rome\"}"));

        var task = await AskAsync(NewAgent(null, ("AskUser", "false")), "Where?", accepted: "application/json");

        var part = Assert.Single(Assert.Single(task.Task.Artifacts!).Parts);
        Assert.Equal(("application/json", """{"city":"Rome"}"""), (part.MediaType, part.Data!.Value.GetRawText()));
        Assert.IsType<ChatResponseFormatJson>(Model.Calls[0].Options.ResponseFormat);
    }

    [Fact]
    public async Task JsonIsAskedForAgainWhereItIsNoneOrNotOfTheSchema()
    {
        const string Schema = """{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}""";
        Model.Enqueue(ModelTurn.Say("Sure: 4"), ModelTurn.Say("""{"n":"four"}"""), ModelTurn.Say("```json\n{\"n\":4}\n```"));

        var task = await AskAsync(NewAgent(null, ("ResponseSchema", Schema)), "How many?", accepted: "application/json");

        Assert.Equal("""{"n":4}""", Assert.Single(Assert.Single(task.Task.Artifacts!).Parts).Data!.Value.GetRawText());
        Assert.Equal(TaskState.Completed, task.State);
        Assert.EndsWith("""
            model: {"n":"four"}
            user: It does not satisfy the schema: $.n is of the type string instead of "integer". Answer again, with one JSON value and nothing else.
            """, Shown(Model.Calls[2]));
        Assert.Contains(Schema, Model.Calls[0].Options.Instructions, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JsonIsAskedForAgainWhereATextIsNoUnicode()
    {
        const string Schema = """{"type":"object","properties":{"title":{"type":"string"}}}""";
        Model.Enqueue(ModelTurn.Say("""{"title":"half of \ud83d"}"""), ModelTurn.Say("""{"title":"whole"}"""));

        var task = await AskAsync(NewAgent(null, ("ResponseSchema", Schema)), "Which?", accepted: "application/json");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("""{"title":"whole"}""", Assert.Single(Assert.Single(task.Task.Artifacts!).Parts).Data!.Value.GetRawText());
    }

    [Fact]
    public async Task AModelThatGivesNoJsonFailsTheTask()
    {
        Model.Answer = _ => ModelTurn.Say("No.");

        var task = await AskAsync(NewAgent(), "Where?", accepted: "application/json");

        Assert.Equal(TaskState.Failed, task.State);
        Assert.StartsWith("The model did not return the requested JSON. It is not JSON:", Said(task));
        Assert.Equal(3, Model.Calls.Count);
        Assert.Equal(3, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task TheSourcesOfAnAnswerAreItsArtifactsMetadata()
    {
        Model.Enqueue(ModelTurn.Say("Sunny.").Give(() => new TextContent("")
        {
            Annotations = [new CitationAnnotation { Url = new Uri("https://weather.example/rome"), Title = "Weather" }],
        }));

        var task = await AskAsync(NewAgent(), "Weather in Rome?");

        var source = Assert.Single(Assert.Single(task.Task.Artifacts!).Metadata!.Value.GetProperty("sources").EnumerateArray());
        Assert.Equal(
            ("https://weather.example/rome", "Weather"), (source.GetProperty("uri").GetString(), source.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task AnAnswerThatReachesTheLimitOfTokensIsGivenAsFarAsItCame()
    {
        Model.Enqueue(ModelTurn.Say("Once upon a ti").Finish(ChatFinishReason.Length));
        Model.Enqueue(ModelTurn.Finish(ChatFinishReason.Length));

        var partly = await AskAsync(NewAgent(), "A tale");
        var nothing = await AskAsync(NewAgent(), "A tale");

        Assert.Equal((TaskState.Completed, "Once upon a ti"), (partly.State, TextOf(partly)));
        Assert.Equal("length", partly.Task.Metadata!.Value.GetProperty("finishReason").GetString());
        Assert.Equal(TaskState.Failed, nothing.State);
        Assert.Contains("A2A__Chat__MaxOutputTokens", Said(nothing));
    }

    [Fact]
    public async Task AModelThatSaysNothingIsAskedAgainAndThenFailsTheTask()
    {
        Model.Answer = _ => ModelTurn.Empty;

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Failed, "The model returned an empty answer."), (task.State, Said(task)));
        Assert.Equal(3, Model.Calls.Count);
    }

    [Fact]
    public async Task ThoughtsAreNoAnswer()
    {
        Model.Enqueue(ModelTurn.Think("Let me see.").Say("42"));

        Assert.Equal("42", TextOf(await AskAsync(NewAgent(), "What?")));
    }

    [Fact]
    public async Task EarlierTasksOfTheConversationAreItsMemoryWithinTheBudget()
    {
        Model.Answer = call => ModelTurn.Say($"Answer {call.Messages.Count}.");
        var agent = NewAgent();
        await AskAsync(agent, "My name is Ada.");
        Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(agent, "I live in Rome.");
        Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(agent, "Who am I?");
        Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(NewAgent(null, ("MemoryTokens", "12")), "And where?");
        Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(NewAgent(null, ("MemoryTasks", "0")), "Hm?");

        Assert.Equal(
            "user: My name is Ada.\nmodel: Answer 1.\nuser: I live in Rome.\nmodel: Answer 3.\nuser: Who am I?", Shown(Model.Calls[2]));
        Assert.Equal("user: Who am I?\nmodel: Answer 5.\nuser: And where?", Shown(Model.Calls[3]));
        Assert.Equal("user: Hm?", Shown(Model.Calls[4]));
    }

    [Fact]
    public async Task AnotherConversationIsNobodysMemory()
    {
        Model.Answer = _ => ModelTurn.Say("Ok.");
        await AskAsync(NewAgent(), "My name is Ada.");
        var id = await SendAsync([Part.FromText("Who am I?")], contextId: "other");
        await Engine.RunAsync(NewAgent(), id);

        Assert.Equal("user: Who am I?", Shown(Model.Calls[1]));
    }

    [Fact]
    public async Task APictureOfAnEarlierTaskIsRememberedAsAPicture()
    {
        Model.Enqueue(ModelTurn.Image(Png, "image/png"), ModelTurn.Say("Brighter."));
        var agent = NewAgent();
        await AskAsync(agent, "Draw");
        Time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(agent, "Brighter!");

        Assert.Equal("user: Draw\nmodel: [image/png 7]\nuser: Brighter!", Shown(Model.Calls[1]));
    }
}
