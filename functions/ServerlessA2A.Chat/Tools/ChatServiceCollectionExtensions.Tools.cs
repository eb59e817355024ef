using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Tools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers tools for the agent.</summary>
public static partial class ChatServiceCollectionExtensions
{
    /// <summary>
    /// Registers a method as a tool of the model. Its parameters are the tool's, described by
    /// <see cref="System.ComponentModel.DescriptionAttribute"/>, except for a <see cref="ToolContext"/>, an <see cref="IServiceProvider"/>
    /// and a <see cref="CancellationToken"/>. Its return value is the tool's result; the model gets exceptions as errors.
    /// </summary>
    /// <remarks>
    /// A call may run twice if its instance dies before the result is saved; <see cref="ToolContext.CallId"/> is then the same.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="method">The method, or a lambda.</param>
    /// <param name="name">The tool's name: at most 64 letters, digits, dashes and underscores. Default: the method's name.</param>
    /// <param name="description">The description for the model. Default: the method's description.</param>
    public static IServiceCollection AddAgentTool(
        this IServiceCollection services, Delegate method, string? name = null, string? description = null) =>
        services.AddAgentTool(AIFunctionFactory.Create(method, new AIFunctionFactoryOptions
        {
            Name = name,
            Description = description,
            SerializerOptions = ChatJson.Options,
            JsonSchemaCreateOptions = new AIJsonSchemaCreateOptions { TransformSchemaNode = MarkLong },
            ConfigureParameterBinding = parameter => parameter.ParameterType == typeof(ToolContext)
                ? new() { ExcludeFromSchema = true, BindParameter = (_, arguments) => arguments.Context![typeof(ToolContext)] }
                : default,
        }));

    /// <summary>
    /// Registers a function as a tool of the model. Give an integer that may exceed 53 bits the format int64 in its schema: the model then
    /// writes it as text. An integer that has lost digits is rejected in any case.
    /// </summary>
    public static IServiceCollection AddAgentTool(this IServiceCollection services, AIFunction function) => services.AddSingleton(function);

    /// <summary>JSON Schema has one integer type. OpenAPI's format distinguishes 64-bit integers.</summary>
    private static JsonNode MarkLong(AIJsonSchemaCreateContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(long) || type == typeof(Int128))
            schema.AsObject()["format"] = "int64";
        if (type == typeof(ulong) || type == typeof(UInt128))
            schema.AsObject()["format"] = "uint64";
        return schema;
    }
}
