using Microsoft.AspNetCore.Http;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that handles HTTP requests.</summary>
public interface IHttpFunction
{
    Task HandleAsync(HttpContext context);
}
