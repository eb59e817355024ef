using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.GoogleCloud.Gemini.Tools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tools for the agent in a service collection.</summary>
public static partial class GoogleCloudServiceCollectionExtensions
{
    /// <summary>
    /// Lets the model call a method. Its parameters are the tool's, described by <see cref="System.ComponentModel.DescriptionAttribute"/>,
    /// but for a <see cref="ToolContext"/>, an <see cref="IServiceProvider"/> and a <see cref="CancellationToken"/>; what it returns is the
    /// tool's result, and what it throws is told to the model.
    /// </summary>
    /// <remarks>A call may be made twice, if its instance goes away before its result is saved: <see cref="ToolContext.CallId"/> is the same then.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="method">The method, or a lambda.</param>
    /// <param name="name">The tool's name: letters, digits, dashes and underscores, 64 at most. The method's unless given.</param>
    /// <param name="description">What the model is told of it. The method's description unless given.</param>
    public static IServiceCollection AddAgentTool(this IServiceCollection services, Delegate method, string? name = null, string? description = null) =>
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
    /// Lets the model call a function. An integer that may have more than 53 bits should have the format int64 in its schema: then the model
    /// is told to write it as text. One that has lost digits is refused in any case.
    /// </summary>
    public static IServiceCollection AddAgentTool(this IServiceCollection services, AIFunction function) => services.AddSingleton(function);

    /// <summary>JSON Schema calls all whole numbers integers. OpenAPI has a format that tells those of 64 bits apart.</summary>
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
