using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Hosting;

namespace ServerlessA2A.Grpc.Tests.Hosting;

/// <summary>gRPC in an application that has other routes too.</summary>
public class MapA2AGrpcTests
{
    [Fact]
    public async Task BesideTheOtherBindingsItHasTheSameTasks()
    {
        await using var host = await StartAsync(app =>
        {
            app.MapA2A();
            app.MapA2AGrpc();
        });
        using var channel = host.NewChannel();

        var reply = await new V1.A2AService.A2AServiceClient(channel).SendMessageAsync(new()
        {
            Message = new() { MessageId = "m", Role = V1.Role.User, Parts = { new V1.Part { Text = "echo:hello" } } },
        });

        Assert.Equal(V1.TaskState.Completed, reply.Task.Status.State);
        var (_, task) = await host.Client.ExchangeAsync("GET", $"http://localhost/tasks/{reply.Task.Id}");
        Assert.Contains("TASK_STATE_COMPLETED", task, StringComparison.Ordinal);
        var older = await new V0_3.A2AService.A2AServiceClient(channel).GetTaskAsync(new() { Name = $"tasks/{reply.Task.Id}" });
        Assert.Equal(V0_3.TaskState.Completed, older.Status.State);
    }

    [Fact]
    public async Task ConventionsApplyToTheOperationsAndNotToHealth()
    {
        await using var host = await StartAsync(app =>
        {
            app.UseAuthentication().UseAuthorization();
            app.MapA2AGrpc().RequireAuthorization();
        });
        using var channel = host.NewChannel();

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new V1.A2AService.A2AServiceClient(channel).GetTaskAsync(new() { Id = "x" }));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        await new Health.HealthClient(channel).CheckAsync(new());
    }

    [Theory]
    [InlineData("", true, HealthCheckResponse.Types.ServingStatus.Serving)]
    [InlineData("lf.a2a.v1.A2AService", true, HealthCheckResponse.Types.ServingStatus.Serving)]
    [InlineData("a2a.v1.A2AService", false, HealthCheckResponse.Types.ServingStatus.NotServing)]
    public async Task HealthIsThatOfTheEnginesChecks(string service, bool isHealthy, HealthCheckResponse.Types.ServingStatus expected)
    {
        await using var host = await StartAsync(app => app.MapA2AGrpc(), services =>
        {
            if (isHealthy)
                services.AddHealthChecks().AddA2A(timeout: TimeSpan.FromMinutes(5));
            else
                services.AddHealthChecks().AddCheck("a2a-store", () => HealthCheckResult.Unhealthy());
        });
        using var channel = host.NewChannel();
        var client = new Health.HealthClient(channel);

        Assert.Equal(expected, (await client.CheckAsync(new() { Service = service })).Status);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await client.CheckAsync(new() { Service = "nothing" }));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Production", null, false)]
    [InlineData("Production", true, true)]
    public async Task ReflectionDescribesTheServicesInDevelopment(string environment, bool? reflection, bool isServed)
    {
        await using var host = await StartAsync(app => app.MapA2AGrpc(reflection), environment: environment);
        using var channel = host.NewChannel();
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        if (!isServed)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
            Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
            return;
        }

        await call.RequestStream.WriteAsync(new() { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(default));
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name);
        Assert.Equal(["a2a.v1.A2AService", "grpc.health.v1.Health", "lf.a2a.v1.A2AService"], names.Order(StringComparer.Ordinal));
        await call.RequestStream.WriteAsync(new() { FileContainingSymbol = "lf.a2a.v1.A2AService" });
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task WithoutTheBindingMappingNamesTheCall()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            WebHost.StartAsync(new ScriptedAgent(), app => app.MapA2AGrpc()));

        Assert.Equal("MapA2AGrpc needs the binding: call builder.Services.AddA2AGrpc().", fault.Message);
    }

    [Theory]
    [InlineData("OPTIONS", "/nothing/here")]
    [InlineData("POST", "/nothing/here")]
    public async Task PathsOfTwoSegmentsStayThoseOfOthers(string method, string path)
    {
        await using var host = await StartAsync(app =>
        {
            app.MapA2AGrpc();
            app.MapFallback(() => "mine");
        });

        Assert.Equal("mine", (await host.Client.ExchangeAsync(
            RawHttp.Request(method, $"http://localhost{path}").With("Origin", "https://x.example")
                .With("Access-Control-Request-Method", "POST"))).Body);
    }

    private static Task<WebHost> StartAsync(
        Action<WebApplication> map, Action<IServiceCollection>? services = null, string environment = "Production") =>
        WebHost.StartAsync(new ScriptedAgent(), map, more =>
        {
            services?.Invoke(more);
            more.AddA2AGrpc();
            more.AddAuthentication("none").AddScheme<AuthenticationSchemeOptions, NoCaller>("none", null);
            more.AddAuthorization();
        }, environment);
}
