using System.Text.Json.Serialization;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

[CloudEventFormatter(typeof(JsonEventFormatter<Order>))]
public sealed record Order([property: JsonPropertyName("item")] string Item, [property: JsonPropertyName("count")] int Count);
