using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>A call of one of Google's APIs: the parts of its path that the route has named, its query and its body.</summary>
internal sealed record Call(HttpContext Context, GroupCollection Parts, JsonObject Body, byte[] Content)
{
    /// <summary>A part of the path.</summary>
    public string this[string part] => Parts[part].Value;

    public string? Query(string name) => Context.Request.Query[name];

    /// <summary>A part of the path that all of them begin with, such as <c>projects/p/locations/l</c>.</summary>
    public string Parent => this["parent"];
}

/// <summary>An error as Google's APIs answer it.</summary>
internal sealed class GoogleErrorException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static GoogleErrorException NotFound(string name) => new(404, "NOT_FOUND", $"{name} was not found.");

    public static GoogleErrorException Exists(string name) => new(409, "ALREADY_EXISTS", $"{name} already exists.");

    public static GoogleErrorException Invalid(string message) => new(400, "INVALID_ARGUMENT", message);

    public JsonObject ToJson() => new()
    {
        ["error"] = new JsonObject { ["code"] = status, ["message"] = Message, ["status"] = code },
    };
}
