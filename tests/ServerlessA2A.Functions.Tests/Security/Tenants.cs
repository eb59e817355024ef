using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>Any request, in another tenant.</summary>
internal static class Tenants
{
    /// <summary>Names the tenant: in the path, or in JSON-RPC's params. 0.3's have no such member.</summary>
    public static async Task MoveAsync(this Wire wire, HttpRequestMessage request, string tenant)
    {
        if (!wire.IsJsonRpc)
        {
            request.RequestUri = new Uri($"/{tenant}{request.RequestUri}", UriKind.Relative);
            return;
        }

        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync())!.AsObject();
        if (body["params"] is not JsonObject parameters)
            body["params"] = parameters = [];
        parameters["tenant"] = tenant;
        request.Content = new ByteArrayContent(
            Encoding.UTF8.GetBytes(body.ToJsonString()))
        { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
