using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

/// <summary>Answers with the startup classes that had a say, and the setting the last of them left.</summary>
[FunctionsStartup(typeof(Third), Order = 3)]
[FunctionsStartup(typeof(B), Order = 2)]
[FunctionsStartup(typeof(First), Order = 1)]
[FunctionsStartup(typeof(A), Order = 2)]
public sealed class StartupOrder(IEnumerable<StartupOrder.Step> steps, IConfiguration configuration) : IHttpFunction
{
    public Task HandleAsync(HttpContext context) =>
        context.Response.WriteAsync(
            $"{string.Join(", ", steps.Select(step => step.Name))}; {configuration["last"]}; {context.Items["pipeline"]}");

    public sealed record Step(string Name);

    public abstract class Named : FunctionsStartup
    {
        public override void ConfigureAppConfiguration(WebHostBuilderContext context, IConfigurationBuilder configuration) =>
            configuration.AddInMemoryCollection([new("last", GetType().Name)]);

        public override void ConfigureServices(WebHostBuilderContext context, IServiceCollection services) =>
            services.AddSingleton(new Step(GetType().Name));

        public override void Configure(WebHostBuilderContext context, IApplicationBuilder app) =>
            app.Use((http, next) =>
            {
                http.Items["pipeline"] += GetType().Name[..1];
                return next();
            });
    }

    public sealed class First : Named;

    public sealed class A : Named;

    public sealed class B : Named;

    public sealed class Third : Named;
}
