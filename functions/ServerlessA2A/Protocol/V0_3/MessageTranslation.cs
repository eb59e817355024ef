namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Messages, parts and artifacts.</summary>
internal static class MessageTranslation
{
    public static WireMessage ToV0_3(Message message, Binding binding)
    {
        var parts = message.Parts.Translate(binding, ToV0_3);
        return new()
        {
            Kind = binding == Binding.JsonRpc ? "message" : null,
            MessageId = message.MessageId,
            ContextId = message.ContextId,
            TaskId = message.TaskId,
            Role = Names.Of(message.Role, binding),
            Parts = binding == Binding.JsonRpc ? parts : null,
            Content = binding == Binding.Http ? parts : null,
            Metadata = message.Metadata,
            Extensions = message.Extensions,

            // The proto file of 0.3 lacks the field, and strict readers of it refuse what they do not know.
            ReferenceTaskIds = binding == Binding.JsonRpc ? message.ReferenceTaskIds : null,
        };
    }

    public static Message ToV1(WireMessage message, Binding binding) => new()
    {
        MessageId = message.MessageId,
        ContextId = message.ContextId,
        TaskId = message.TaskId,
        Role = Names.ToRole(message.Role),
        Parts = (message.Parts ?? message.Content)!.Translate(binding, ToV1),
        Metadata = message.Metadata,
        Extensions = message.Extensions,
        ReferenceTaskIds = message.ReferenceTaskIds,
    };

    public static WireArtifact ToV0_3(Artifact artifact, Binding binding) => new()
    {
        ArtifactId = artifact.ArtifactId,
        Name = artifact.Name,
        Description = artifact.Description,
        Parts = artifact.Parts.Translate(binding, ToV0_3),
        Metadata = artifact.Metadata,
        Extensions = artifact.Extensions,
    };

    public static Artifact ToV1(WireArtifact artifact, Binding binding) => new()
    {
        ArtifactId = artifact.ArtifactId,
        Name = artifact.Name,
        Description = artifact.Description,
        Parts = artifact.Parts.Translate(binding, ToV1),
        Metadata = artifact.Metadata,
        Extensions = artifact.Extensions,
    };

    public static WirePart ToV0_3(Part part, Binding binding)
    {
        var proto = binding == Binding.Http;
        if (part.Text is not null) return new() { Kind = proto ? null : "text", Text = part.Text, Metadata = part.Metadata };
        if (part.Data is { } value)
        {
            var (data, metadata) = DataParts.Wrap(value, part.Metadata);
            return new() { Kind = proto ? null : "data", Data = proto ? DataParts.ToProto(data) : data, Metadata = metadata };
        }

        return new()
        {
            Kind = proto ? null : "file",
            File = new()
            {
                Name = part.Filename,
                MimeType = part.MediaType,
                Bytes = proto ? null : part.Raw,
                Uri = proto ? null : part.Url,
                FileWithBytes = proto ? part.Raw : null,
                FileWithUri = proto ? part.Url : null,
            },
            Metadata = part.Metadata,
        };
    }

    /// <summary>
    /// Reads either shape in either binding, since clients mix them. What has no content stays empty and what has two keeps both:
    /// the validation refuses them.
    /// </summary>
    public static Part ToV1(WirePart part, Binding binding)
    {
        var (data, metadata) = DataParts.Unwrap(part, binding);
        return new()
        {
            Text = part.Text,
            Raw = part.File?.Bytes ?? part.File?.FileWithBytes,
            Url = part.File?.Uri ?? part.File?.FileWithUri,
            Data = data,
            Metadata = metadata,
            Filename = part.File?.Name,
            MediaType = part.File?.MimeType,
        };
    }
}
