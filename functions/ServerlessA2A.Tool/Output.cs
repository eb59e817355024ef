using System.Text;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Tool;

/// <summary>What the commands print: text for people, or a line of A2A 1.0 JSON per object.</summary>
internal sealed class Output(TextWriter writer, bool asJson)
{
    private bool _isInLine;

    /// <summary>Prints a card.</summary>
    public void Write(AgentCard card)
    {
        if (asJson)
        {
            WriteJson(card);
            return;
        }

        writer.WriteLine(Line($"{card.Name} {card.Version}"));
        if (card.Description.Length > 0) writer.WriteLine(Printable(card.Description));
        foreach (var each in card.SupportedInterfaces)
            writer.WriteLine(Line($"  {each.ProtocolBinding} {each.ProtocolVersion}  {each.Url}"));
        var capabilities = card.Capabilities;
        writer.WriteLine(
            $"  streaming {YesNo(capabilities.Streaming)}, webhooks {YesNo(capabilities.PushNotifications)}, " +
            $"extended card {YesNo(capabilities.ExtendedAgentCard)}, signatures {card.Signatures?.Count ?? 0}");
        foreach (var (name, scheme) in card.SecuritySchemes ?? new Dictionary<string, Protocol.Security.SecurityScheme>())
            writer.WriteLine(Line($"  authentication {name}: {KindOf(scheme)}"));
        foreach (var skill in card.Skills) writer.WriteLine(Line($"  skill {skill.Id}: {skill.Description}"));
    }

    /// <summary>Prints a task as a whole.</summary>
    public void Write(A2ATask task)
    {
        if (asJson)
        {
            WriteJson(task);
            return;
        }

        writer.WriteLine(Line($"task {task.Id}  {NameOf(task.Status.State)}"));
        if (task.Status.Message is { } message) writer.WriteLine(TextOf(message.Parts));
        foreach (var artifact in task.Artifacts ?? [])
        {
            writer.WriteLine(Line($"--- {artifact.Name ?? artifact.ArtifactId}"));
            writer.WriteLine(TextOf(artifact.Parts));
        }
    }

    /// <summary>Prints a task in one line.</summary>
    public void WriteLine(A2ATask task)
    {
        if (asJson) WriteJson(task);
        else writer.WriteLine(Line($"{task.Id}  {NameOf(task.Status.State),-15}  {task.Status.Timestamp:u}"));
    }

    /// <summary>Prints an answer without a task.</summary>
    public void Write(Message message)
    {
        if (asJson) WriteJson(message);
        else writer.WriteLine(TextOf(message.Parts));
    }

    /// <summary>Prints an event of a stream; chunks of a text follow each other.</summary>
    public void Write(StreamResponse item)
    {
        if (asJson)
        {
            WriteJson(item);
            return;
        }

        if (item.Message is { } message)
        {
            EndLine();
            Write(message);
        }
        else if (item.Task is { } task)
        {
            EndLine();
            Write(task);
        }
        else if (item.StatusUpdate is { } update)
        {
            EndLine();
            var text = update.Status.Message is { } said ? $": {TextOf(said.Parts)}" : "";
            writer.WriteLine($"[{NameOf(update.Status.State)}{text}]");
        }
        else if (item.ArtifactUpdate is { } changed)
        {
            if (!changed.Append) EndLine();
            writer.Write(TextOf(changed.Artifact.Parts));
            _isInLine = true;
        }

        writer.Flush();
    }

    /// <summary>Prints an object of the protocol as JSON in one line.</summary>
    public void WriteJson<T>(T value) => writer.WriteLine(Encoding.UTF8.GetString(ProtocolJson.Write(value)));

    /// <summary>Prints a sentence for people.</summary>
    public void WriteText(string text) => writer.WriteLine(Printable(text));

    /// <summary>
    /// A text of others, without characters that could make a terminal do more than show it.
    /// </summary>
    internal static string Printable(string? text) =>
        string.Concat((text ?? "").Where(each => each != '\r')
            .Select(each => char.IsControl(each) && each is not ('\n' or '\t') ? '\uFFFD' : each));

    /// <summary>The same in one line.</summary>
    private static string Line(string? text) => Printable(text?.ReplaceLineEndings(" "));

    private static string TextOf(IReadOnlyList<Part> parts) => Printable(string.Concat(parts.Select(part => part switch
    {
        { Text: { } text } => text,
        { Data: { } data } => data.GetRawText(),
        { Url: { } url } => url,
        _ => $"<{part.Filename ?? part.MediaType ?? "file"}, {part.Raw?.Length ?? 0} bytes>",
    })));

    private static string NameOf(TaskState state) => TaskStateNames.ToName(state)["TASK_STATE_".Length..];

    private static string YesNo(bool? flag) => flag == true ? "yes" : "no";

    private static string KindOf(Protocol.Security.SecurityScheme scheme) => scheme switch
    {
        { ApiKeySecurityScheme: { } key } => $"API key in {key.Location} {key.Name}",
        { HttpAuthSecurityScheme: { } http } => $"HTTP {http.Scheme}",
        { Oauth2SecurityScheme: not null } => "OAuth 2.0",
        { OpenIdConnectSecurityScheme: { } openId } => $"OpenID Connect {openId.OpenIdConnectUrl}",
        { MtlsSecurityScheme: not null } => "client certificate",
        _ => "unknown",
    };

    private void EndLine()
    {
        if (_isInLine) writer.WriteLine();
        _isInLine = false;
    }
}
