using System.Reflection;
using ServerlessA2A.Agents;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tasks.Running;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Tests.Architecture;

/// <summary>
/// Inside the engine dependencies point one way, as the design says; each folder may use what stands beside it here, and no other.
/// </summary>
public class DependencyDirectionTests
{
    private const string Root = "ServerlessA2A";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Settings"] = [],
        ["Telemetry"] = [],
        ["Security"] = ["Settings", "Telemetry"],
        ["Agents"] = ["Settings"],
        ["Tasks"] = ["Settings", "Agents", "Security", "Telemetry"],
        ["Webhooks"] = ["Tasks", "Agents", "Settings", "Security", "Telemetry"],
        ["InMemory"] = ["Webhooks", "Tasks", "Agents", "Settings", "Security"],
        ["Bindings"] = ["Webhooks", "Tasks", "Agents", "Settings", "Security", "Telemetry"],
        ["Hosting"] = ["InMemory", "Bindings", "Webhooks", "Tasks", "Agents", "Settings", "Security", "Telemetry"],
        // The composition root: it registers all of them.
        [""] = ["Hosting", "InMemory", "Bindings", "Webhooks", "Tasks", "Agents", "Settings", "Security"],
    };

    [Fact]
    public void NoFolderUsesAnotherThatItMayNotKnow()
    {
        var violations =
            from type in typeof(IAgent).Assembly.GetTypes()
            let folder = FolderOf(type)
            where folder is not null
            from used in TypeReferences.Of(type)
            let other = FolderOf(used)
            where other is not null && other != folder && !Allowed[folder].Contains(other)
            select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(violations.Distinct());
    }

    [Fact]
    public void EveryFolderHasItsRule() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal),
        typeof(IAgent).Assembly.GetTypes().Select(FolderOf).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void TheScanSeesWhatIsReallyUsed()
    {
        // Were it blind, there would be no violations either.
        foreach (var (type, folder) in new[]
        {
            (typeof(TaskLifecycle), "Agents"), (typeof(TaskLeases), "Telemetry"), (typeof(WebhookRegistry), "Tasks"),
            (typeof(AgentCards), "Agents"),
        })
        {
            // What an async method uses stands in a class of its own, which the compiler has made.
            var parts = type.GetNestedTypes(BindingFlags.NonPublic).Append(type);
            Assert.Contains(parts.SelectMany(TypeReferences.Of), used => FolderOf(used) == folder);
        }
    }

    [Theory]
    [InlineData(typeof(InBody))]
    [InlineData(typeof(InStaticCall))]
    [InlineData(typeof(InGenericArgument))]
    [InlineData(typeof(InField))]
    [InlineData(typeof(InParameter))]
    [InlineData(typeof(InCatch))]
    [InlineData(typeof(InBase))]
    public void TheScanSeesEveryWayToUseAType(Type type) =>
        Assert.Contains(TypeReferences.Of(type), used => FolderOf(used) == "Security" || used == typeof(AgentException));

    /// <summary>The folder of one of the engine's types; null for what others, or the compiler, have made.</summary>
    private static string? FolderOf(Type type)
    {
        if (type.Assembly != typeof(IAgent).Assembly || type.Namespace is not { } name)
            return null;
        // The composition root lies in the namespace where users look for it.
        return name is Root or "Microsoft.Extensions.DependencyInjection" or "Microsoft.AspNetCore.Builder" ? ""
            : name.StartsWith(Root + ".", StringComparison.Ordinal) ? name.Split('.')[1] : null;
    }

    private static class InBody
    {
        public static int Make() => new Caller("", "").Owner.Length;
    }

    private static class InStaticCall
    {
        public static int Get() => Caller.Anonymous.GetHashCode();
    }

    private static class InGenericArgument
    {
        public static int Make() => Array.Empty<Caller>().Length;
    }

    private sealed class InField
    {
        public List<Caller[]>? Callers { get; set; }
    }

    private static class InParameter
    {
        public static void Take(ref Caller? caller) => _ = caller;
    }

    private static class InCatch
    {
        public static void Try()
        {
            try
            {
                Console.WriteLine();
            }
            catch (AgentException)
            {
                Console.WriteLine();
            }
        }
    }

    private sealed class InBase : List<Caller>;
}
