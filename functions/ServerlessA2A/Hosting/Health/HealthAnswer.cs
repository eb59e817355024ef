using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Hosting.Health;

/// <summary>
/// Writes the state of the checks as JSON:
/// <c>{"status":"Unhealthy","checks":[{"name":"a2a-store","status":"Unhealthy","fault":"…"}, …]}</c>.
/// </summary>
/// <param name="showFaults">Whether to include the reason of a failed check, and what a healthy one could not find out.</param>
internal sealed class HealthAnswer(bool showFaults)
{
    public async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = MediaType.Json;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartArray("checks");
        foreach (var (name, check) in report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("status", check.Status.ToString());
            if (showFaults && check.Description is not null)
                json.WriteString(check.Status == HealthStatus.Healthy ? "note" : "fault", check.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
