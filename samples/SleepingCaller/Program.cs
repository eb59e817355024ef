using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

var builder = WebApplication.CreateBuilder(args);
// Settings of your own, in the environment or in appsettings.json.
var agent = new Uri(builder.Configuration["Agent"]!); // The address of an A2A agent that signs its webhooks.
var hook = builder.Configuration["Hook"]!;            // The public address of /hook below.
var answers = Directory.CreateDirectory(builder.Configuration["Answers"] ?? "answers"); // In production, a database.
builder.Services.AddA2AClient(agent);

var app = builder.Build();

// Sends the question and ends: nothing waits, so that no instance has to stay alive.
app.MapPost("/questions", async (HttpRequest request, A2AClient client, CancellationToken cancellationToken) =>
{
    var question = await new StreamReader(request.Body).ReadToEndAsync(cancellationToken);
    var response = await client.SendAsync(
        new SendMessageRequest
        {
            Message = new() { MessageId = "", Role = Role.User, Parts = [Part.FromText(question)] },
            Configuration = new() { ReturnImmediately = true, TaskPushNotificationConfig = new() { Url = hook } },
        },
        cancellationToken);
    return Results.Accepted($"/answers/{response.Task!.Id}");
});

// Continues when the agent is done, in whichever instance the delivery starts. A repeated delivery writes the same file.
app.MapA2AWebhook(
    "/hook",
    async (received, cancellationToken) =>
    {
        if ((received.Item.StatusUpdate?.Status ?? received.Item.Task?.Status)?.State is not { } state || !state.IsTerminal()) return;
        var client = app.Services.GetRequiredService<A2AClient>();
        var task = await client.GetTaskAsync(received.TaskId, cancellationToken: cancellationToken);
        var texts = task.Artifacts?.SelectMany(each => each.Parts).Select(part => part.Text) ?? [];
        await File.WriteAllTextAsync(FileOf(task.Id), $"{state}: {string.Concat(texts)}", cancellationToken);
        Console.WriteLine($"Answer saved: task {task.Id}");
    },
    options =>
    {
        options.KeySet = new Uri(agent, "/.well-known/jwks.json");
        options.Audience = hook;
    });

app.MapGet("/answers/{id}", (string id) => File.Exists(FileOf(id)) ? Results.Text(File.ReadAllText(FileOf(id))) : Results.NotFound());
app.Run();

string FileOf(string id) => Path.Combine(answers.FullName, Path.GetFileName(id) + ".txt");
