using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Chat.Tests.OpenAI;

/// <summary>The answer to a call of chat completions: server-sent events, as OpenAI and the servers that imitate it send them.</summary>
internal sealed class CompletionAnswer(HttpContext context)
{
    /// <summary>Canceled when the client goes away.</summary>
    public CancellationToken Gone => context.RequestAborted;

    /// <summary>Text, each chunk in an event of its own.</summary>
    public async Task SayAsync(params string[] chunks)
    {
        foreach (var chunk in chunks)
            await DeltaAsync(new { role = "assistant", content = chunk });
    }

    /// <summary>A tool's call, whose arguments come in two pieces.</summary>
    public async Task CallAsync(int index, string id, string name, string arguments)
    {
        await DeltaAsync(
            new { tool_calls = new[] { new { index, id, type = "function", function = new { name, arguments = arguments[..1] } } } });
        await DeltaAsync(new { tool_calls = new[] { new { index, function = new { arguments = arguments[1..] } } } });
    }

    /// <summary>Any change of the message.</summary>
    public Task DeltaAsync(object delta) => EventAsync(new { choices = new[] { new { index = 0, delta, finish_reason = (string?)null } } });

    /// <summary>The end of the answer: its reason and its usage.</summary>
    public async Task EndAsync(string reason = "stop", int input = 1, int output = 1, int reasoning = 0)
    {
        await EventAsync(new { choices = new[] { new { index = 0, delta = new { }, finish_reason = reason } } });
        await EventAsync(new
        {
            choices = Array.Empty<object>(),
            usage = new
            {
                prompt_tokens = input,
                completion_tokens = output,
                total_tokens = input + output,
                completion_tokens_details = new { reasoning_tokens = reasoning }
            },
        });
        await WriteAsync("[DONE]");
    }

    /// <summary>A whole answer at once, for a client that does not stream.</summary>
    public Task AnswerAsync(string text) => context.Response.WriteAsJsonAsync(new
    {
        id = "c-1",
        @object = "chat.completion",
        created = 1,
        model = "gpt-test-2026",
        choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text } } },
        usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 },
    });

    /// <summary>Breaks the connection.</summary>
    public void Cut() => context.Abort();

    /// <summary>An error instead of an answer.</summary>
    public async Task FailAsync(int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { error = new { message, type = "error", code = (string?)null } });
    }

    public Task WaitUntilGoneAsync() => Task.Delay(Timeout.Infinite, Gone)
        .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private Task EventAsync(object members)
    {
        var json = JsonSerializer.SerializeToNode(members)!.AsObject();
        (json["id"], json["object"], json["created"], json["model"]) = ("c-1", "chat.completion.chunk", 1, "gpt-test-2026");
        return WriteAsync(json.ToJsonString());
    }

    private async Task WriteAsync(string data)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"data: {data}\n\n", Gone);
        await context.Response.Body.FlushAsync(Gone);
    }
}
