using System.Text.Json;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Agents;

/// <summary>
/// An extension of the protocol as code (A2A 1.0, section 4.6), for all agents of the program: register it with
/// <c>services.AddA2AExtension&lt;MyExtension&gt;()</c>. The cards declare it, and a request that names its URI activates it. It can then
/// check the request, and add metadata to the messages and artifacts that the agent produces for this request.
/// </summary>
/// <remarks>
/// Instances are shared by all requests and runs, so members must be safe for concurrent use. A declaration with the same URI in the
/// settings (<c>A2A:Agent:Extensions</c>) replaces description, parameters and <see cref="Required"/> of the code.
/// </remarks>
public interface IA2AExtension
{
    /// <summary>The extension's absolute URI, which also names its version.</summary>
    string Uri { get; }

    /// <summary>How the agent uses the extension, for the card. Default: none.</summary>
    string? Description => null;

    /// <summary>Whether requests that do not name the extension are rejected. Default: false.</summary>
    bool Required => false;

    /// <summary>The parameters that the card declares: a JSON object. Default: none.</summary>
    JsonElement? Params => null;

    /// <summary>Checks a request that activates the extension, before anything is stored. Default: accepts every request.</summary>
    /// <param name="request">The client's message and the metadata of the request.</param>
    /// <exception cref="A2AException">
    /// The request breaks a rule of the extension: <c>A2AException.InvalidParams(field, description)</c> names the field.
    /// </exception>
    void Check(ExtensionRequest request)
    {
    }

    /// <summary>Returns what the extension adds to the metadata of a message of the agent: a JSON object, or null for nothing.</summary>
    /// <param name="message">The message: a status, an outcome or a reply.</param>
    /// <param name="run">The run that produces it.</param>
    JsonElement? MetadataFor(Message message, AgentContext run) => null;

    /// <summary>
    /// Returns what the extension adds to the metadata of an artifact: a JSON object, or null for nothing. It is called when the artifact
    /// begins, not for later chunks.
    /// </summary>
    /// <param name="artifact">The artifact as it begins.</param>
    /// <param name="run">The run that produces it.</param>
    JsonElement? MetadataFor(Artifact artifact, AgentContext run) => null;
}

/// <summary>A request that activates an extension.</summary>
/// <param name="Message">The client's message.</param>
/// <param name="Metadata">The metadata of the request: a JSON object. Null if there is none.</param>
public sealed record ExtensionRequest(Message Message, JsonElement? Metadata);
