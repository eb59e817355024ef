using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Tests.Support;
using V1 = Google.Cloud.AIPlatform.V1;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class AnswerSoFarTests
{
    private const int SignatureField = 11;

    /// <summary>As many letters may be alike by chance.</summary>
    private const int LeastOverlap = 12;

    private enum Habit
    {
        GoesOn,
        BeginsAgain,
        RepeatsItsLastWords,
    }

    [Fact]
    public void HoweverOftenAnAnswerBreaksOffItIsHeardOnce() =>
        Properties.Hold(Stories(Texts, mostRepeated: 900), IsHeardOnce, times: 2_000);

    [Fact]
    public void LettersThatAreAllAlikeAreHeardOnceToo() => Properties.Hold(Stories(PoorTexts, mostRepeated: 60), IsHeardOnce, times: 2_000);

    [Theory]
    [InlineData("The dog barks. ", "The cat meows.")]
    [InlineData("The dog barks. ", "The dog is tired.")]
    [InlineData("A", "BC")]
    [InlineData("Yes", ", of course.")]
    [InlineData("1, 2, 3, ", "4, 5")]
    [InlineData("one two three four five ", "three four and so on")]
    [InlineData("Hello, ", "Hel")]
    [InlineData("Hello, hello, ", "he")]
    [InlineData("A long beginning of it. ", "")]
    [InlineData("Line\n", "\n\n")]
    public void WhatOnlyLooksLikeTheBeginningOrTheEndIsHeard(string before, string after)
    {
        Assert.Equal(after, Heard(before, after));
        Assert.Equal(after, Heard(before, [.. after.Select(letter => letter.ToString())]));
        Assert.Equal(after, Heard(before, [.. after.Select(letter => letter.ToString()), ""]));
    }

    [Theory]
    [InlineData("Yes", "Yes, of course.", ", of course.")]
    [InlineData("Yes", "Yes", "")]
    [InlineData("A", "ABC", "BC")]
    [InlineData("The answer is 4", "The answer is 42.", "2.")]
    [InlineData("The answer is 42.", "The answer is 42.", "")]
    [InlineData("The answer is 42.", "The answer ", "The answer ")]
    [InlineData("The answer is 42.", "The answer is", "")]
    [InlineData("It took long. The answer is 42.", "answer is 42.", "")]
    [InlineData("It took long. The answer is 42.", "The answer is 42. Good bye.", " Good bye.")]
    [InlineData("It took long. The answer is 42.", "is 42. Good bye.", "is 42. Good bye.")]
    public void WhatWasHeardIsNotHeardAgain(string before, string after, string heard)
    {
        Assert.Equal(heard, Heard(before, after));
        Assert.Equal(heard, Heard(before, [.. after.Select(letter => letter.ToString())]));
        Assert.Equal(heard, Heard(before, [.. after.Select(letter => letter.ToString()), ""]));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(5_000)]
    public void ALongRepetitionIsNotHeardAgain(int letters)
    {
        var before = string.Concat(Enumerable.Range(0, 3_000).Select(number => $"{number}, "));

        Assert.Equal("and so on.", Heard(before, [.. (before[^letters..] + "and so on.").Chunk(7).Select(chunk => new string(chunk))]));
    }

    [Fact]
    public void WhereNothingWasSaidTheRequestIsTheSame()
    {
        var said = new AnswerSoFar();
        var request = Request();

        Assert.Same(request, said.Continue(request));
        Assert.Equal("Hello.", Say(said, "Hello.", isFinal: true));
    }

    [Fact]
    public void CallsAndThoughtsOfABrokenAnswerAreVoid()
    {
        var said = new AnswerSoFar();
        said.Add([new TextReasoningContent("Well."), new FunctionCallContent("c", "x"), new UsageContent(new UsageDetails()),
            new TextContent("")]);
        var request = Request();

        Assert.Same(request, said.Continue(request));
    }

    [Fact]
    public void TheModelIsShownItsOwnWordsAndAskedToGoOn()
    {
        var said = new AnswerSoFar();
        said.Add([new TextContent("Hel")]);
        said.Add([new TextContent("lo. "), new DataContent(new byte[] { 1 }, "image/png"), new TextContent("A"),
            new TextReasoningContent("Well.")]);
        said.Add([new TextContent("B")]);
        var request = Request();

        var next = said.Continue(request);

        Assert.Equal(Request(), request);
        Assert.Equal(request.Contents, next.Contents.Take(1));
        Assert.Equal(
            new V1.Content
            {
                Role = "model",
                Parts =
                {
                    new V1.Part { Text = "Hello. " },
                    new V1.Part { InlineData = new V1.Blob { MimeType = "image/png", Data = ByteString.CopyFrom(1) } },
                    new V1.Part { Text = "AB" },
                },
            },
            next.Contents[1]);
        Assert.Equal("user", next.Contents[2].Role);
        Assert.Contains("Go on", next.Contents[2].Parts[0].Text, StringComparison.Ordinal);
        Assert.Equal(3, next.Contents.Count);
    }

    [Fact]
    public void TheModelIsShownAllThatWasHeardHoweverOftenItBreaksOff()
    {
        var said = new AnswerSoFar();
        said.Add([new TextContent("The answer ")]);
        said.Continue(Request());
        Say(said, "The answer is", isFinal: false);
        said.Continue(Request());
        Say(said, " 42, ", isFinal: false);

        var next = said.Continue(Request());

        Assert.Equal(["Hi", "The answer is 42, "], next.Contents.Take(2).Select(content => content.Parts.Single().Text));
        Assert.Equal(3, next.Contents.Count);
    }

    [Fact]
    public void AConversationThatEndsWithTheModelIsGoneOnWith()
    {
        var request = Request();
        request.Contents.Add(
            new V1.Content { Role = "model", Parts = { new V1.Part { Text = "The answer " }, new V1.Part { Text = "is" } } });

        var said = AnswerSoFar.TakeFrom(request);

        Assert.Equal(Request(), request);
        Assert.Equal("The answer is", said.Continue(request).Contents[1].Parts.Single().Text);
        Assert.Equal(" 42.", Say(said, "The answer is 42.", isFinal: true));
    }

    [Fact]
    public void AConversationThatEndsWithTheClientIsLeftAlone()
    {
        var request = Request();

        var said = AnswerSoFar.TakeFrom(request);

        Assert.Equal(Request(), request);
        Assert.Same(request, said.Continue(request));
        AnswerSoFar.TakeFrom(new V1.GenerateContentRequest());
    }

    [Fact]
    public void ASignatureIsShownToTheModelAgain()
    {
        var part = new V1.Part { Text = "Hello" };
        NumberedFields.Set(part, SignatureField, ByteString.CopyFromUtf8("sealed"));
        var said = new AnswerSoFar();
        said.Add([GeminiParts.ToContent(part, "c")!]);

        Assert.Equal(part, said.Continue(Request()).Contents[1].Parts.Single());
    }

    [Fact]
    public void ASignatureIsKeptWhereItsTextIsARepetition()
    {
        var said = Broken("The answer is 42");
        var update = new ChatResponseUpdate(
            ChatRole.Assistant, [new TextContent("The answer") { AdditionalProperties = new() { [GeminiParts.Signature] = "AAAA" } }]);

        said.Align(update, isFinal: false);

        Assert.Equal("", Assert.IsType<TextContent>(Assert.Single(update.Contents)).Text);
    }

    [Fact]
    public void WhatIsNoTextIsLeftAlone()
    {
        var said = Broken("The answer is 42");
        var sources = new TextContent("") { Annotations = [new CitationAnnotation()] };
        AIContent[] contents = [new TextReasoningContent("The answer"), new DataContent(new byte[] { 1 }, "image/png"),
            new FunctionCallContent("c", "x"), sources];
        var update = new ChatResponseUpdate(ChatRole.Assistant, contents);

        said.Align(update, isFinal: false);

        Assert.Equal(contents, update.Contents);
        Assert.Equal("The answer", ((TextReasoningContent)contents[0]).Text);
    }

    [Fact]
    public void WhatWasHeldBackComesBeforeWhatEndsTheAnswer()
    {
        var said = Broken("Yes, yes, ");
        Assert.Equal("", Say(said, "Yes", isFinal: false));
        var call = new FunctionCallContent("c", "x");
        var update = new ChatResponseUpdate(ChatRole.Assistant, [call]);

        said.Align(update, isFinal: true);

        Assert.Equal("Yes", Assert.IsType<TextContent>(update.Contents[0]).Text);
        Assert.Same(call, update.Contents[1]);
    }

    [Fact]
    public void WhatWasHeldBackAndNotHeardIsForgottenWhenTheAnswerBreaksOffAgain()
    {
        var said = Broken("The answer is 42");
        Assert.Equal("", Say(said, "The ans", isFinal: false));
        said.Continue(Request());

        Assert.Equal(" or so.", Say(said, "The answer is 42 or so.", isFinal: true));
    }

    [Fact]
    public void AfterAPictureTextIsHeardAsItComes()
    {
        var said = new AnswerSoFar();
        said.Add([new DataContent(new byte[] { 1 }, "image/png")]);
        said.Continue(Request());

        Assert.Equal("A cat.", Say(said, "A cat.", isFinal: false));
        Assert.Equal("", Say(said, "", isFinal: true));
    }

    /// <summary>Texts in which nothing is said twice, but for a few letters: what the next words are is beyond doubt.</summary>
    private static Gen<string> Texts { get; } =
        from length in Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(0, 1_200))
        from letters in Gen.Elements("abcdefghijklmnopqrstuvwxyz     \n.,éß漢".ToCharArray()).ArrayOf(length)
        let text = new string(letters)
        where IsUnambiguous(text)
        select text;

    /// <summary>The same of two letters: everything looks like a repetition.</summary>
    private static Gen<string> PoorTexts { get; } =
        from length in Gen.Choose(0, 60)
        from letters in Gen.Elements('a', 'b').ArrayOf(length)
        let text = new string(letters)
        where IsUnambiguous(text)
        select text;

    private static bool IsUnambiguous(string text)
    {
        var seen = new HashSet<string>();
        return Enumerable.Range(0, Math.Max(0, text.Length - LeastOverlap + 1)).All(start => seen.Add(text.Substring(start, LeastOverlap)));
    }

    /// <summary>A text, and the tries it takes to say it; after the last one it is said.</summary>
    private static Gen<(string Text, IReadOnlyList<Try> Tries)> Stories(Gen<string> texts, int mostRepeated) =>
        from text in texts
        from tries in (
            from habit in Gen.Elements(Enum.GetValues<Habit>())
            from repeated in Gen.Choose(LeastOverlap, mostRepeated)
            from share in Gen.Choose(0, 100)
            from chunks in Gen.OneOf(Gen.Choose(1, 4), Gen.Choose(1, 300)).ListOf(1, 5)
            from endsApart in Gen.Elements(true, false)
            select new Try(habit, repeated, share, chunks, endsApart)).ListOf(1, 6)
        select (text, tries);

    private static void IsHeardOnce((string Text, IReadOnlyList<Try> Tries) story)
    {
        var said = new AnswerSoFar();
        var heard = "";
        for (var i = 0; i < story.Tries.Count; i++)
        {
            var isLast = i == story.Tries.Count - 1;
            var words = WordsOf(story.Tries[i], story.Text, heard);
            if (!isLast)
                words = words[..(words.Length * story.Tries[i].Share / 100)];
            var next = said.Continue(Request());
            Assert.Equal(heard, next.Contents.Count == 1 ? "" : next.Contents[1].Parts.Single().Text);
            var chunks = Chunks(words, story.Tries[i].Chunks);
            if (story.Tries[i].EndsApart)
                chunks.Add("");
            for (var chunk = 0; chunk < chunks.Count; chunk++)
            {
                heard += Say(said, chunks[chunk], isFinal: isLast && chunk == chunks.Count - 1);
                Assert.StartsWith(heard, story.Text, StringComparison.Ordinal);
            }
        }

        Assert.Equal(story.Text, heard);
    }

    private static string WordsOf(Try one, string text, string heard)
    {
        var rest = text[heard.Length..];
        return one.Habit switch
        {
            Habit.BeginsAgain => text,
            Habit.RepeatsItsLastWords when heard.Length >= LeastOverlap => text[(heard.Length - Math.Min(one.Repeated, heard.Length))..],
            // So short a beginning, said once more, may as well be a new one: there nobody can tell.
            _ => heard.Length > 0 && rest.StartsWith(heard, StringComparison.Ordinal) ? text : rest,
        };
    }

    private static List<string> Chunks(string words, IReadOnlyList<int> sizes)
    {
        var chunks = new List<string>();
        for (var start = 0; start < words.Length; start += sizes[(chunks.Count - 1) % sizes.Count])
            chunks.Add(words.Substring(start, Math.Min(sizes[chunks.Count % sizes.Count], words.Length - start)));
        return chunks.Count > 0 ? chunks : [""];
    }

    /// <summary>What is heard after a beginning.</summary>
    private static string Heard(string before, params string[] chunks)
    {
        var said = Broken(before);
        if (chunks.Length == 0)
            chunks = [""];
        return string.Concat(chunks.Select((chunk, index) => Say(said, chunk, index == chunks.Length - 1)));
    }

    private static AnswerSoFar Broken(string before)
    {
        var said = new AnswerSoFar();
        said.Add([new TextContent(before)]);
        said.Continue(Request());
        return said;
    }

    /// <summary>As the chat client does it with each piece.</summary>
    private static string Say(AnswerSoFar said, string text, bool isFinal)
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, text.Length > 0 ? [new TextContent(text)] : []);
        said.Align(update, isFinal);
        said.Add(update.Contents);
        Assert.DoesNotContain(update.Contents, content => content is TextContent { Text.Length: 0 });
        return update.Text;
    }

    private static V1.GenerateContentRequest Request() =>
        new() { Contents = { new V1.Content { Role = "user", Parts = { new V1.Part { Text = "Hi" } } } } };

    /// <summary>How the model says it.</summary>
    /// <param name="Habit">What it does when it is asked to go on.</param>
    /// <param name="Repeated">How many letters it repeats, if it does.</param>
    /// <param name="Share">How far it comes before it breaks off, in percent.</param>
    /// <param name="Chunks">How large the pieces are, again and again.</param>
    /// <param name="EndsApart">Whether the end comes in a piece of its own.</param>
    private sealed record Try(Habit Habit, int Repeated, int Share, IReadOnlyList<int> Chunks, bool EndsApart);
}
