#nullable disable annotations
using System.Runtime.CompilerServices;

namespace Google.Cloud.AIPlatform.V1;

/// <summary>What answers: projects/P/locations/L/endpoints/E, or projects/P/locations/L/publishers/B/models/M.</summary>
public sealed class EndpointName
{
    private readonly string name;

    private EndpointName(string name) => this.name = name;

    public static EndpointName FromProjectLocationPublisherModel(string projectId, string locationId, string publisherId, string modelId) =>
        new(FormatProjectLocationPublisherModel(projectId, locationId, publisherId, modelId));

    public static EndpointName FromProjectLocationEndpoint(string projectId, string locationId, string endpointId) =>
        new(FormatProjectLocationEndpoint(projectId, locationId, endpointId));

    public static string FormatProjectLocationPublisherModel(string projectId, string locationId, string publisherId, string modelId) =>
        $"projects/{Checked(projectId)}/locations/{Checked(locationId)}/publishers/{Checked(publisherId)}/models/{Checked(modelId)}";

    public static string FormatProjectLocationEndpoint(string projectId, string locationId, string endpointId) =>
        $"projects/{Checked(projectId)}/locations/{Checked(locationId)}/endpoints/{Checked(endpointId)}";

    public override string ToString() => name;

    private static string Checked(string part, [CallerArgumentExpression(nameof(part))] string parameter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(part, parameter);
        return part;
    }
}
