using System.Reflection;
using System.Runtime.CompilerServices;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Webhooks.Delivery;

/// <summary>
/// Records print their members: those of a webhook must not bring its secrets into a log, whatever they are printed with.
/// </summary>
public sealed class SecretsInTextsTests
{
    private const string Secret = "SECRET";

    private static readonly Assembly[] Searched = [typeof(Webhook).Assembly, typeof(TaskPushNotificationConfig).Assembly];

    private static readonly IReadOnlyList<Type> Found = [.. Searched.SelectMany(assembly => assembly.GetTypes())
        .Where(type => IsRecord(type) && Holds(type, []))];

    /// <summary>All types of the engine and the protocol that hold a webhook's configuration, however far down.</summary>
    public static TheoryData<Type> Holders { get; } = [.. Found];

    [Fact]
    public void TheTypesAreFound()
    {
        Assert.Contains(typeof(TaskPushNotificationConfig), Found);
        Assert.Contains(typeof(AuthenticationInfo), Found);
        Assert.Contains(typeof(Webhook), Found);
        Assert.Contains(typeof(SendMessageRequest), Found);
    }

    [Theory]
    [MemberData(nameof(Holders))]
    public void NoTextOfAWebhookHoldsItsSecrets(Type type)
    {
        var text = $"{Filled(type, [])}";

        Assert.Contains(type.Name, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoSecretIsTold()
    {
        var config = new TaskPushNotificationConfig
        {
            Id = "a",
            TaskId = "t",
            Url = "https://user:SECRET@hooks.example:8443/SECRET?key=SECRET",
            Token = Secret,
            Authentication = new AuthenticationInfo { Scheme = "Bearer", Credentials = Secret },
        };

        Assert.Equal(
            "TaskPushNotificationConfig { Tenant = , Id = a, TaskId = t, Url = https://hooks.example:8443/…, Token = …, Authentication " +
            "= AuthenticationInfo { Scheme = Bearer, Credentials = … } }",
            config.ToString());
        Assert.Contains(
            "Url = no address, Token = , Authentication = ", new TaskPushNotificationConfig { Url = Secret }.ToString(),
            StringComparison.Ordinal);
    }

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null && !type.IsAbstract && !type.ContainsGenericParameters;

    private static bool Holds(Type type, HashSet<Type> seen) =>
        type == typeof(TaskPushNotificationConfig) || type == typeof(AuthenticationInfo) ||
        (Searched.Contains(type.Assembly) && seen.Add(type) && Members(type)
            .Any(member => Holds(ElementOf(member.PropertyType), seen)));

    /// <summary>An object with texts and records in its members, and in those theirs: the secret where secrets are.</summary>
    private static object Filled(Type type, IReadOnlyList<Type> within)
    {
        var filled = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var member in Members(type).Where(member => member.SetMethod is not null))
        {
            var element = ElementOf(member.PropertyType);
            if (member.PropertyType == typeof(string))
                member.SetValue(
                    filled, type == typeof(TaskPushNotificationConfig) || type == typeof(AuthenticationInfo)
                    ? $"https://hooks.example/{Secret}" : "text");
            else if (element != member.PropertyType && member.PropertyType.IsAssignableFrom(element.MakeArrayType()))
                member.SetValue(filled, ListOf(element, [.. within, type]));
            else if (MayFill(element, [.. within, type]))
                member.SetValue(filled, Filled(element, [.. within, type]));
        }

        if (filled is TaskPushNotificationConfig config)
            return config with { Tenant = null, Id = null, TaskId = null };
        return filled is AuthenticationInfo authentication ? authentication with { Scheme = "Bearer" } : filled;
    }

    /// <summary>A list of one, or of none where its elements are no records.</summary>
    private static Array ListOf(Type element, IReadOnlyList<Type> within)
    {
        var list = Array.CreateInstance(element, MayFill(element, within) ? 1 : 0);
        if (list.Length > 0)
            list.SetValue(Filled(element, within), 0);
        return list;
    }

    private static bool MayFill(Type type, IReadOnlyList<Type> within) => IsRecord(type) && !within.Contains(type);

    private static Type ElementOf(Type type) => type.IsGenericType ? type.GetGenericArguments()[^1] : type.GetElementType() ?? type;

    /// <summary>The public and internal properties.</summary>
    private static PropertyInfo[] Members(Type type) =>
        [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(member => member.GetIndexParameters().Length == 0 && member.GetMethod is { IsPublic: true } or { IsAssembly: true })];
}
