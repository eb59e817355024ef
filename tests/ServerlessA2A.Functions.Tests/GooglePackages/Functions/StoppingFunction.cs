using Google.Cloud.Functions.Framework;
using Google.Cloud.Functions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Functions;

/// <summary>Tells where it listens, and ends its server with the first request.</summary>
[FunctionsStartup(typeof(Listening))]
public sealed class StoppingFunction(IHostApplicationLifetime lifetime) : IHttpFunction
{
    private static readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Task<Uri> Address => address.Task;

    public async Task HandleAsync(HttpContext context)
    {
        await context.Response.WriteAsync("Goodbye");
        lifetime.StopApplication();
    }

    public sealed class Listening : FunctionsStartup
    {
        public override void Configure(WebHostBuilderContext context, IApplicationBuilder app)
        {
            var services = app.ApplicationServices;
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() =>
                address.SetResult(
                    new Uri(services.GetRequiredService<IServer>().Features
                        .GetRequiredFeature<IServerAddressesFeature>().Addresses.Single())));
        }
    }
}
