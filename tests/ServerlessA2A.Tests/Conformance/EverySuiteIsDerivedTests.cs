using System.Reflection;
using ServerlessA2A.Agents;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance.Running;
using ServerlessA2A.Tests.Conformance.Store;
using ServerlessA2A.Tests.Conformance.Webhooks;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Tests.Conformance;

/// <summary>Each adapter passes all suites of its port: a new suite reaches the old adapters, a new adapter meets the old suites.</summary>
public class EverySuiteIsDerivedTests
{
    private static readonly Type[] TestTypes = typeof(EverySuiteIsDerivedTests).Assembly.GetTypes();

    private static readonly (Type Port, Type[] Suites)[] Ports =
    [
        (typeof(ITaskStore), [typeof(TaskIndexConformance), typeof(TaskStoreConformance), typeof(TaskRunningConformance)]),
        (typeof(IWebhookStore), [typeof(WebhookStoreConformance)]),
        (typeof(ITaskQueue), [typeof(TaskQueueConformance), typeof(TaskRunningConformance)]),
        (typeof(IAgent), [typeof(AgentConformance)]),
    ];

    [Fact]
    public void EverySuiteBelongsToAPort()
    {
        var suites = TestTypes.Where(
            type => type is { IsAbstract: true, IsSealed: false, IsInterface: false } &&
            type.Name.EndsWith("Conformance", StringComparison.Ordinal));
        Assert.Equal(
            suites.Select(suite => suite.Name).Order(StringComparer.Ordinal),
            Ports.SelectMany(port => port.Suites).Select(suite => suite.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryAdapterOfTheEnginePassesEverySuiteOfItsPort()
    {
        var missing =
            from port in Ports
            from adapter in typeof(ITaskStore).Assembly.GetTypes()
            where adapter is { IsClass: true, IsAbstract: false } && port.Port.IsAssignableFrom(adapter)
            from suite in port.Suites
            where !TestTypes.Any(test => test.IsSubclassOf(suite) && !test.IsAbstract && Makes(test, adapter))
            select $"{adapter.Name} is in no class that derives from {suite.Name}";
        Assert.Empty(missing);
    }

    /// <summary>Whether a test class, or what it is made of (its async methods and wrappers), calls the adapter's constructor.</summary>
    private static bool Makes(Type test, Type adapter) =>
        test.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public).Append(test)
            .SelectMany(type =>
                type.GetMethods(
                BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .SelectMany(Architecture.MethodBodies.MembersUsedBy)
            .Any(member => member is ConstructorInfo && member.DeclaringType == adapter);
}
