using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace Evaluation;

/// <summary>A conversation with an agent, over the binding and the version that its card lists.</summary>
public sealed class A2AConversation(A2AClient agent)
{
    private readonly HashSet<(string Id, string Text)> _artifacts = [];
    private string? _contextId;
    private string? _askingTask;

    /// <summary>Sends a message, and waits for the answer or the agent's question.</summary>
    public async Task<string> SayAsync(string text)
    {
        var message = new Message
        {
            MessageId = $"{Guid.NewGuid()}",
            ContextId = _contextId,
            TaskId = _askingTask,
            Role = Role.User,
            Parts = [Part.FromText(text)],
        };
        var sent = await agent.SendAsync(new SendMessageRequest { Message = message });
        if (sent.Message is { } reply)
        {
            (_contextId, _askingTask) = (reply.ContextId ?? _contextId, null);
            return TextOf(reply.Parts);
        }

        // Some agents answer before they are done.
        var task = await agent.WaitAsync(sent.Task!.Id);
        _contextId = task.ContextId;
        _askingTask = task.Status.State == TaskState.InputRequired ? task.Id : null;
        return string.Join('\n', NewTexts(task));
    }

    /// <summary>The texts of the artifacts that are new since the last turn, and of the status.</summary>
    private List<string> NewTexts(A2ATask task)
    {
        var texts = (task.Artifacts ?? []).Select(artifact => (Id: artifact.ArtifactId, Text: TextOf(artifact.Parts)))
            .Where(_artifacts.Add).Select(artifact => artifact.Text).ToList();
        if (task.Status.Message is { } status)
            texts.Add(TextOf(status.Parts));
        return texts;
    }

    private static string TextOf(IEnumerable<Part> parts) => string.Concat(parts.Select(part => part.Text));
}
