using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat;
using ServerlessA2A.Functions.Inspector;
using ServerlessA2A.GoogleCloud.Gemini;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Functions.Local;

/// <summary>
/// The local host's start message: each function with its trigger and address, the agents, the model, and the task store.
/// </summary>
internal static class Banner
{
    private const int NameWidth = 20;

    public static void Write(TextWriter output, string address, IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        address = address.TrimEnd('/');
        output.WriteLine();
        output.WriteLine("Functions:");
        output.WriteLine();
        WriteFunction(output, typeof(AgentCardFunction), $"[GET] {address}/.well-known/agent-card.json");
        WriteFunction(output, typeof(MessageFunction), $"[GET,POST,DELETE] {address}/");
        if (configuration[GrpcEndpoint.Setting] is { Length: > 0 } grpc)
            output.WriteLine($"  {"",-NameWidth}[gRPC] {grpc}");
        WriteFunction(output, typeof(CallbackFunction), $"[GET,POST] {address}/callback");
        foreach (var trigger in PubSubTrigger.All(configuration))
            WriteFunction(output, trigger.Function, $"[Pub/Sub] {trigger.Topic}");
        output.WriteLine();
        output.WriteLine($"  {"Inspector:",-NameWidth}{InspectorAddress(address)}{InspectedAddress(services)}");
        output.WriteLine();
        var agents = services.GetRequiredService<HostedAgents>();
        WriteAgents(output, address, agents);
        if (!string.IsNullOrWhiteSpace(configuration["A2A:Gemini:Model"]))
            WriteModel(output, agents, services);
        if (agents.All.Any(agent => agent.Cards.PushNotifications) &&
            services.GetRequiredService<IOptions<WebhookOptions>>().Value.AllowLoopback)
            output.WriteLine("Webhooks may use loopback addresses here; a deployment rejects these.");
        var place = TaskPlaces.Choose(configuration);
        output.WriteLine(place switch
        {
            TaskPlace.InMemory => "Tasks are kept in memory and end with this process. Press Ctrl+C to stop.",
            TaskPlace.LocalPostgreSql or TaskPlace.PostgreSql =>
                $"Tasks are kept in PostgreSQL ({services.GetRequiredService<Database>().Name}). " +
                $"{(place == TaskPlace.PostgreSql ? "Pub/Sub delivers the requests for runs. " : "")}Press Ctrl+C to stop.",
            TaskPlace.Emulators =>
                $"Tasks are kept in the emulators of Firestore ({configuration["FIRESTORE_EMULATOR_HOST"]}) " +
                $"and Pub/Sub ({configuration["PUBSUB_EMULATOR_HOST"]}). Press Ctrl+C to stop.",
            _ => "Tasks are kept in Firestore. Pub/Sub delivers to the deployed functions, not to this process. Press Ctrl+C to stop.",
        });
    }

    /// <summary>
    /// The inspector's address: at localhost where the host listens on all addresses of this machine, since it answers there only.
    /// </summary>
    public static string InspectorAddress(string address)
    {
        var uri = new UriBuilder(address.Replace("//+", "//localhost").Replace("//*", "//localhost")) { Path = "/inspector" };
        if (uri.Host is "0.0.0.0" or "[::]")
            uri.Host = "localhost";
        return uri.Uri.AbsoluteUri;
    }

    private static string InspectedAddress(IServiceProvider services) =>
        services.GetService<InspectedAgent>() is { } inspected ? $" of {inspected.Address}" : "";

    /// <summary>Prints the address of each agent, if there are several.</summary>
    private static void WriteAgents(TextWriter output, string address, HostedAgents agents)
    {
        if (agents.All is [{ Name: "" }])
            return;
        output.WriteLine("Agents:");
        output.WriteLine();
        foreach (var agent in agents.All)
        {
            var name = agent.Name.Length > 0 ? agent.Name : "(default)";
            var path = agent.Name.Length == 0 ? "/" : agent == agents.Default ? $"/{agent.Name} and {address}/" : $"/{agent.Name}";
            output.WriteLine($"  {name + ":",-NameWidth}{address}{path}");
        }

        output.WriteLine();
    }

    /// <summary>Kept separate so that the assemblies of Gemini load only when used.</summary>
    private static void WriteModel(TextWriter output, HostedAgents agents, IServiceProvider services)
    {
        if (!agents.All.Any(agent => agent.Agent is ChatAgent { Model: GeminiModel }))
            return;
        var gemini = services.GetRequiredService<IOptions<GeminiOptions>>().Value;
        output.WriteLine($"Model {gemini.Model} in {gemini.Location}, billed to project {gemini.ProjectId}.");
    }

    private static void WriteFunction(TextWriter output, Type function, string trigger) =>
        output.WriteLine($"  {function.Name + ":",-NameWidth}{trigger}");
}
