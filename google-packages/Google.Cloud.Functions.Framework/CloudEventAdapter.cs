using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>Reads the event of a request and hands it to a function; a request without one is answered with 400.</summary>
public sealed class CloudEventAdapter(ICloudEventFunction function, CloudEventFormatter formatter, ILogger<CloudEventAdapter> logger) : IHttpFunction
{
    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        CloudEvent cloudEvent;
        try
        {
            cloudEvent = await RequestEvents.ReadAsync(context.Request, formatter, logger);
        }
        catch (Exception e)
        {
            Log.NotACloudEvent(logger, e.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        await function.HandleAsync(cloudEvent, context.RequestAborted);
    }
}
