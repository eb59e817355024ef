using System.Text.RegularExpressions;
using Google.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Hosting;

namespace ServerlessA2A.Grpc.Tests.Messages;

/// <summary>The HTTP rules in the description of 1.0, which gateways transcode by, are the routes of HTTP+JSON.</summary>
public partial class HttpRuleTests
{
    [Fact]
    public async Task EachRuleOfAMethodIsARouteToItsOperation()
    {
        await using var host = await WebHost.StartAsync(new ScriptedAgent(), app => app.MapA2A());
        var routes = new HttpJsonRoutes(host.Services.GetRequiredService<OperationTable>());
        foreach (var method in V1.A2AService.Descriptor.Methods)
        {
            var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
            Assert.Equal(("", "t"), (RouteOf(rule).Tenant, RouteOf(Assert.Single(rule.AdditionalBindings)).Tenant));
            foreach (var each in rule.AdditionalBindings.Prepend(rule))
            {
                Assert.Equal(method.Name, routes.Find(RouteOf(each).Resource, $"{each.PatternCase}")?.Name);
                Assert.Equal(each.PatternCase == HttpRule.PatternOneofCase.Post ? "*" : "", each.Body);
                foreach (Match variable in Variable.Matches(PathOf(each)))
                    Assert.NotNull(method.InputType.FindFieldByName(variable.Groups[1].Value));
            }
        }
    }

    [GeneratedRegex(@"\{(\w+)(=\*)?\}")]
    private static partial Regex Variable { get; }

    private static string PathOf(HttpRule rule) => rule.Get + rule.Post + rule.Delete;

    private static HttpJsonRoute RouteOf(HttpRule rule)
    {
        var route = HttpJsonPath.Read(Variable.Replace(PathOf(rule), "t"))!;
        Assert.Equal(ProtocolVersion.V1_0, route.Version);
        return route;
    }
}
