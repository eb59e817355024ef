using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;

namespace Google.Cloud.Functions.Testing;

/// <summary>A server for each test, disposed of with the test class.</summary>
public abstract class FunctionTestBase<TFunction> : IDisposable
{
    protected FunctionTestBase() =>
        Server = new FunctionTestServer(typeof(TFunction), GetType());

    protected FunctionTestBase(FunctionTestServer server) => Server = server;

    public FunctionTestServer Server { get; }

    public async Task<string> ExecuteHttpGetRequestAsync(string uri = "sample-uri")
    {
        using var client = Server.CreateClient();
        using var response = await client.GetAsync(new Uri(uri, UriKind.RelativeOrAbsolute));
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    public Task ExecuteHttpRequestAsync(HttpRequestMessage request, Action<HttpResponseMessage> validator) =>
        ExecuteHttpRequestAsync(request, response =>
        {
            validator(response);
            return Task.CompletedTask;
        });

    public async Task ExecuteHttpRequestAsync(HttpRequestMessage request, Func<HttpResponseMessage, Task> validator)
    {
        ArgumentNullException.ThrowIfNull(validator);
        using var client = Server.CreateClient();
        using var response = await client.SendAsync(request);
        await validator(response);
    }

    /// <summary>Sends the event in structured mode, formatted as the type of its data says if nothing else is given; fails where the function does.</summary>
    public async Task ExecuteCloudEventRequestAsync(CloudEvent cloudEvent, CloudEventFormatter? formatter = null)
    {
        ArgumentNullException.ThrowIfNull(cloudEvent);
        formatter ??= (cloudEvent.Data is { } data ? CloudEventFormatterAttribute.CreateFormatter(data.GetType()) : null) ?? new JsonEventFormatter();
        using var request = new HttpRequestMessage(HttpMethod.Post, "uri") { Content = cloudEvent.ToHttpContent(ContentMode.Structured, formatter) };
        await ExecuteHttpRequestAsync(request, response => response.EnsureSuccessStatusCode());
    }

    public Task ExecuteCloudEventRequestAsync<T>(string eventType, T? data, Uri? source = null, string? subject = null) where T : class =>
        ExecuteCloudEventRequestAsync(
            new CloudEvent
            {
                Id = Guid.NewGuid().ToString(),
                Type = eventType,
                Source = source ?? new Uri("//test-source", UriKind.RelativeOrAbsolute),
                Subject = subject,
                Data = data,
            },
            CloudEventFormatterAttribute.CreateFormatter(typeof(T)));

    public List<TestLogEntry> GetFunctionLogEntries() => Server.GetFunctionLogEntries();

    public void Dispose()
    {
        Server.Dispose();
        GC.SuppressFinalize(this);
    }
}
