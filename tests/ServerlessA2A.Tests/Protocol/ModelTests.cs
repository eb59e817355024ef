using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tests.Protocol;

public class ModelTests
{
    private static readonly MethodInfo GenericRoundTrip = typeof(ModelTests)
        .GetMethod(nameof(RoundTripAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    [Theory]
    [MemberData(nameof(ModelCases.All), MemberType = typeof(ModelCases))]
    public void AMessageComesBackAsItWent(Type type, string json) => Assert.Equal(json, RoundTrip(type, json));

    [Theory]
    [MemberData(nameof(ModelCases.All), MemberType = typeof(ModelCases))]
    public void UnknownMembersAreIgnoredEverywhere(Type type, string json)
    {
        var document = JsonNode.Parse(json)!;
        AddStrangers(document);
        Assert.Equal(json, RoundTrip(type, document.ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(ModelCases.All), MemberType = typeof(ModelCases))]
    public void MissingMembersAreNoErrorOfTheReader(Type type, string json)
    {
        Assert.NotEmpty(json);
        RoundTrip(type, "{}");
    }

    [Fact]
    public void EveryRequestAndResponseHasCases()
    {
        var tested = ModelCases.All.Select(row => (Type)row.ToArray()[0]);
        var offered = typeof(ProtocolJson).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(ProtocolJson).Namespace
                && (type.Name.EndsWith("Request", StringComparison.Ordinal) || type.Name.EndsWith("Response", StringComparison.Ordinal)));
        Assert.Empty(offered.Except(tested));
    }

    [Fact]
    public void WhatIsNoMessageIsRefusedAsSuch()
    {
        Assert.Throws<NotSupportedException>(() => Wire.Read<string>("{}"));
        Assert.Throws<NotSupportedException>(() => Wire.Write("text"));
    }

    private static void AddStrangers(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (value is not null &&
                        name is not ("metadata" or "data" or "params" or "header" or "scopes" or "schemes" or "securitySchemes"))
                        AddStrangers(value);
                }

                members["someFutureField"] = new JsonObject { ["deep"] = new JsonArray(1, "2", null) };
                members["some_future_field"] = 1;
                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    if (item is not null) AddStrangers(item);
                }

                break;
            default:
                break;
        }
    }

    private static string RoundTrip(Type type, string json)
    {
        try
        {
            return (string)GenericRoundTrip.MakeGenericMethod(type).Invoke(null, [json])!;
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }

    private static string RoundTripAs<T>(string json) => Encoding.UTF8.GetString(ProtocolJson.Write(Wire.Read<T>(json)));
}
