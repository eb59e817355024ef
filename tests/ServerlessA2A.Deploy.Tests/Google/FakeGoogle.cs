using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Functions;
using ServerlessA2A.Functions.Local;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>
/// Google Cloud on loopback, as far as a deployment needs it: one project with what is in it. It is gcloud's proxy, so that it sees hosts
/// by their names, regions and all; what <c>deploy.sh</c> calls with curl has the host as the first part of the path.
/// </summary>
internal sealed partial class FakeGoogle : IAsyncDisposable
{
    /// <summary>The APIs, by gcloud's names for them.</summary>
    private static readonly string[] Services =
    [
        "alloydb", "artifactregistry", "cloudbilling", "cloudbuild", "cloudfunctions", "cloudscheduler", "cloudresourcemanager", "eventarc",
        "firestore", "iam",
        "logging", "monitoring", "pubsub", "run", "secretmanager", "serviceusage", "storage",
    ];

    private static readonly string[] AlwaysOn = ["cloudbilling", "cloudresourcemanager", "discoveryengine", "serviceusage", "storage"];

    private readonly List<(string Service, string Method, Regex Path, Func<Call, JsonNode> Answer)> _routes = [];
    private readonly ConcurrentQueue<string> _writes = new();
    private readonly Lock _state = new();
    private readonly WebApplication _application;
    private WebApplication? _agent;
    private int _until = -1;
    private GoogleErrorException _failure = new(400, "FAILED_PRECONDITION", "This write was told to fail.");

    private FakeGoogle(string project, WebApplication application)
    {
        (Project, _application) = (project, application);
        Policies = new Policies(this);
    }

    public string Project { get; }

    public string Number { get; } = "4711";

    public string Region { get; } = "europe-west4";

    public Resources Resources { get; } = new();

    public Policies Policies { get; }

    public HashSet<string> Apis { get; } = ["serviceusage.googleapis.com", "cloudbilling.googleapis.com"];

    /// <summary>Where Cloud Scheduler is.</summary>
    public IReadOnlyList<string> SchedulerRegions { get; set; } = ["europe-west4", "us-central1"];

    /// <summary>Whether the project has a billing account.</summary>
    public bool HasBilling { get; set; } = true;

    /// <summary>What whoever deploys may not do.</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>Service agents that were asked for: <c>pubsub</c> in <c>my-project</c> is <c>my-project/pubsub</c>.</summary>
    public HashSet<string> Agents { get; } = [];

    /// <summary>What comes behind the name of an account's address.</summary>
    public string AccountDomain => string.Join('.', Project.Split(':').Reverse()) + ".iam.gserviceaccount.com";

    /// <summary>The source that was uploaded for a function: a zip archive.</summary>
    public byte[]? FunctionSource { get; set; }

    /// <summary>The source that was uploaded for a build: a tar archive, packed.</summary>
    public byte[]? BuildSource { get; set; }

    /// <summary>The commits that triggers were run for.</summary>
    public List<string> TriggeredCommits { get; } = [];

    /// <summary>The deployed agent: who answers at its addresses.</summary>
    public Uri? Agent { get; set; }

    /// <summary>How many calls a closed service still lets through: a change of who may call takes a while to work everywhere.</summary>
    public int StaleCalls { get; set; }

    /// <summary>The calls that have changed something, or would have.</summary>
    public IReadOnlyList<string> Writes => [.. _writes];

    /// <summary>Where curl's calls go.</summary>
    public string CallsVia { get; private set; } = "";

    public static async Task<FakeGoogle> StartAsync(string project = "my-project")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            // A busy machine may send more slowly than the limit allows.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var google = new FakeGoogle(project, builder.Build());
        google._application.Run(google.ServeAsync);
        await google._application.StartAsync();
        google.Open();
        return google;
    }

    /// <summary>
    /// Starts the offline agent of this tree as <see cref="Agent"/>, in this process: as a program it would take seconds to start.
    /// </summary>
    public async Task StartAgentAsync(string description = "An agent.")
    {
        var agent = A2AFunctions.CreateBuilder(
            ["--urls", "http://127.0.0.1:0", "--A2A:Tasks:Store", "InMemory", "--A2A:Agent:Name", "ServerlessA2A",
            "--A2A:Agent:Version", "1.0.0", "--A2A:Agent:Description", description,
            "--A2A:Agent:PublicUrl", $"https://messagefunction-{Number}.{Region}.run.app/"]);
        agent.Logging.ClearProviders();
        _agent = LocalHost.Build(agent);
        await _agent.StartAsync();
        Agent = new Uri(_agent.Urls.Single());
    }

    /// <summary>Fails the n-th write from now on, once, as if it were not to be.</summary>
    public void FailWrite(int n, GoogleErrorException? failure = null) => (_until, _failure) = (n, failure ?? _failure);

    /// <summary>Failures to come, each of the next call of its service and method.</summary>
    public List<(string Service, string Method, GoogleErrorException Failure)> Failures { get; } = [];

    public void ForgetWrites() => _writes.Clear();

    /// <summary>What tells gcloud to come here.</summary>
    public IEnumerable<(string Name, string Value)> Environment() =>
    [
        .. Services.Select(service =>
        ($"CLOUDSDK_API_ENDPOINT_OVERRIDES_{service.ToUpperInvariant()}", $"http://{service}.googleapis.com/")),
        ("CLOUDSDK_PROXY_TYPE", "http"),
        ("CLOUDSDK_PROXY_ADDRESS", "127.0.0.1"),
        ("CLOUDSDK_PROXY_PORT", new Uri(CallsVia).Port.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>
    /// Serves a call: <c>{name}</c> is a part of the path without <c>/</c> and <c>:</c>, <c>{parent}</c> any number of them.
    /// </summary>
    public void On(string service, string method, string template, Func<Call, JsonNode> answer)
    {
        var pattern = Name().Replace(Regex.Escape(template).Replace(@"\{", "{", StringComparison.Ordinal), part =>
            part.Groups[1].Value switch
            {
                "parent" => "(?<parent>projects/.+?)",
                // That of a domain has a colon: example.com:my-project.
                "project" => "(?<project>[^/]+?)",
                var name => $"(?<{name}>[^/:]+)",
            });
        _routes.Add((service, method, new Regex($"^{pattern}$", RegexOptions.CultureInvariant), answer));
    }

    /// <summary>An operation that is done.</summary>
    public static JsonObject Done(JsonObject? response = null, string below = "") =>
        new()
        {
            ["name"] = below + "operations/1",
            ["done"] = true,
            ["metadata"] = new JsonObject(),
            ["response"] = response?.DeepClone()
        ?? new JsonObject()
        };

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        if (_agent is not null)
            await _agent.DisposeAsync();
    }

    private void Open()
    {
        CallsVia = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        ProjectApis.Serve(this);
        IamApi.Serve(this);
        SecretManagerApi.Serve(this);
        FirestoreApi.Serve(this);
        PubSubApi.Serve(this);
        FunctionsApi.Serve(this);
        RunApi.Serve(this);
        AlloyDbApi.Serve(this);
        BuildApis.Serve(this);
        MonitoringApi.Serve(this);
        DiscoveryEngineApi.Serve(this);
    }

    private async Task ServeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (host == "127.0.0.1")
        {
            var path = context.Request.Path.Value!;
            host = path.Split('/')[1];
            context.Request.Path = path[(host.Length + 1)..];
        }

        if (host.EndsWith(".run.app", StringComparison.Ordinal))
        {
            await DeployedAgent.ServeAsync(this, host, context);
            return;
        }

        var service = host.Split('.')[0];
        service = service[(service.LastIndexOf('-') + 1)..];
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content);
        JsonNode answer;
        try
        {
            lock (_state)
                answer = Answer(service, context, content.ToArray());
        }
        catch (GoogleErrorException error)
        {
            context.Response.StatusCode = error.Status;
            answer = error.ToJson();
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private JsonNode Answer(string service, HttpContext context, byte[] content)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        if (!AlwaysOn.Contains(service) && !Apis.Contains(service + ".googleapis.com"))
            throw new GoogleErrorException(403, "PERMISSION_DENIED", $"{service} API has not been enabled in project {Number}.");
        foreach (var route in _routes)
        {
            if (route.Service != service || route.Method != method || route.Path.Match(path) is not { Success: true } match)
                continue;
            if (IsWrite(method, path))
            {
                _writes.Enqueue($"{service} {method} {path}");
                if (_until >= 0 && --_until == 0)
                    throw _failure;
            }

            var failure = Failures.FindIndex(each => each.Service == service && each.Method == method);
            if (failure >= 0)
            {
                var next = Failures[failure];
                Failures.RemoveAt(failure);
                throw next.Failure;
            }

            return route.Answer(
                new Call(context, match.Groups, content is [(byte)'{', ..] ? (JsonObject)JsonNode.Parse(content)! : [], content));
        }

        Console.Error.WriteLine($"The fake Google has no {service}: {method} {path}{context.Request.QueryString}");
        throw GoogleErrorException.NotFound(path);
    }

    private static bool IsWrite(string method, string path) =>
        method != "GET" && !path.EndsWith(":getIamPolicy", StringComparison.Ordinal) &&
            !path.EndsWith(":testIamPermissions", StringComparison.Ordinal) &&
        !path.EndsWith("entries:list", StringComparison.Ordinal);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Name();
}
