using CloudNative.CloudEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Framework;

/// <summary>As <see cref="CloudEventAdapter"/>, with the data read by a formatter for <typeparamref name="TData"/>.</summary>
public sealed class CloudEventAdapter<TData> : IHttpFunction where TData : class
{
    private readonly ICloudEventFunction<TData> function;
    private readonly CloudEventFormatter formatter;
    private readonly ILogger logger;

    public CloudEventAdapter(ICloudEventFunction<TData> function, CloudEventFormatter formatter, ILogger<CloudEventAdapter<TData>> logger) =>
        (this.function, this.formatter, this.logger) = (function, formatter, logger);

    [Obsolete("Chosen by dependency injection where there is no formatter, to say so.", error: true)]
    public CloudEventAdapter(ICloudEventFunction<TData> function, ILogger<CloudEventAdapter<TData>> logger) =>
        throw new InvalidOperationException(
            "No CloudEventFormatter has been configured for the CloudEvent function. " +
            "The Functions Framework hosting will provide an event formatter if the target data type is decorated with CloudEventFormatterAttribute; " +
            "otherwise, the formatter should be configured via dependency injection.");

    public async Task HandleAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        CloudEvent cloudEvent;
        TData data;
        try
        {
            cloudEvent = await RequestEvents.ReadAsync(context.Request, formatter, logger);
            data = (TData)cloudEvent.Data!;
        }
        catch (Exception e)
        {
            Log.NotACloudEvent(logger, e.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        await function.HandleAsync(cloudEvent, data, context.RequestAborted);
    }
}
