using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.PostgreSql.Tests.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.PostgreSql.Tests.Servers;

public sealed class MigrationTests
{
    [SkippableFact]
    public async Task RunningItAgainChangesNothing()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        Assert.Equal(0, await Migration.RunAsync(database.Connect(), default));
        Assert.Equal(SchemaVersion.Current, await Migration.RunAsync(database.Connect(), default));
        Assert.Equal(1L, await database.ExecuteAsync("select count(*) from {schema}.schema_version"));
        Assert.Null(await database.Store(TimeProvider.System).ReadAsync(null, "t", default));
    }

    [SkippableFact]
    public async Task TheTasksOfTheFirstVersionAreThereAfterTheMigration()
    {
        await using var database = await TestDatabase.CreateAsync();
        var task = TestTasks.New();
        Assert.Null(await database.Store(new ManualTimeProvider()).CreateAsync(task, default));
        foreach (var column in (string[])["tasks drop column trace_parent", "runs drop column trace_parent, drop column published_at",
            "notifications drop column trace_parent, drop column published_at",
            "webhooks drop column trace_parent, drop column attempts"])
            await database.ExecuteAsync($"alter table {{schema}}.{column}");
        await database.ExecuteAsync("update {schema}.schema_version set version = 1");

        Assert.Equal(1, await Migration.RunAsync(database.Connect(), default));

        var read = await database.Store(new ManualTimeProvider()).ReadAsync(null, task.Snapshot.Id, default);
        Assert.Equal((task.Snapshot.Id, null), (read!.Id, read.TraceParent));
    }

    [SkippableFact]
    public async Task OfSeveralAtOnceOneMigrates()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        var found = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Migration.RunAsync(database.Connect(), default)));
        Assert.Single(found, version => version == 0);
        Assert.Equal(1L, await database.ExecuteAsync("select count(*) from {schema}.schema_version"));
    }

    [SkippableFact]
    public async Task ADatabaseWithoutTablesIsRefusedWithTheRemedy()
    {
        await using var database = await TestDatabase.CreateAsync(migrated: false);
        var fault = await ReadInVainAsync(database);
        Assert.False(fault.IsTransient);
        Assert.Contains("--migrate", fault.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(SchemaVersion.Current + 1, "Deploy that program everywhere")]
    [InlineData(SchemaVersion.Current - 1, "--migrate")]
    public async Task AnotherVersionIsRefusedWithTheRemedy(int version, string remedy)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"update {{schema}}.schema_version set version = {version}");
        var fault = await ReadInVainAsync(database);
        Assert.False(fault.IsTransient);
        Assert.Contains($"version {version}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ANewerDatabaseIsNotMigratedBack()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"update {{schema}}.schema_version set version = {SchemaVersion.Current + 1}");
        await Assert.ThrowsAsync<TaskStoreException>(() => Migration.RunAsync(database.Connect(), default));
    }

    [SkippableFact]
    public async Task ADatabaseThatIsNotThereIsCreatedByAMigrationOnly()
    {
        await using var test = await TestDatabase.CreateAsync(migrated: false);
        await using var database = new Database(
            new PostgreSqlOptions
            {
                ConnectionString = $"{test.Server.ConnectionString(database: $"made_by_{test.Schema}")};Command Timeout=60",
            });
        var store = new PostgreSql.Tasks.PostgreSqlTaskStore(database, test.Changes(database), TimeProvider.System, TestEngine.NewId);
        var fault = await Assert.ThrowsAsync<TaskStoreException>(async () => await store.ReadAsync(null, "t", default));
        Assert.Contains("--migrate", fault.Message, StringComparison.Ordinal);
        var current = SchemaVersion.Current;
        var found = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Migration.RunAsync(database, default)));
        Assert.Equal([0, current, current], found.Order());
        Assert.Null(await store.ReadAsync(null, "t", default));
    }

    [SkippableFact]
    public async Task RejectedCredentialsAreNamedWithTheRemedy()
    {
        await using var test = await TestDatabase.CreateAsync(migrated: false);
        var connection = new NpgsqlConnectionStringBuilder(test.Server.ConnectionString()) { Password = "wrong", CommandTimeout = 60 };
        await using var database = new Database(new PostgreSqlOptions { ConnectionString = connection.ConnectionString });
        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => Migration.RunAsync(database, default));
        Assert.Contains("rejected the credentials", fault.Message, StringComparison.Ordinal);
        Assert.Contains("A2A:PostgreSql:Password", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task OtherUsersAreGrantedTheUseOfTheTables()
    {
        await using var test = await TestDatabase.CreateAsync(migrated: false);
        var (owner, user) = ($"{test.Schema}-owner@my-project.iam", $"{test.Schema}-user@my-project.iam");
        foreach (var role in (string[])[owner, user])
            await test.ExecuteAsync($"create role \"{role}\" login password 'secret'");
        await test.ExecuteAsync($"grant create on database postgres to \"{owner}\"");
        await using var migrating = new Database(OptionsOf(test, owner, user));
        await using var granted = new Database(OptionsOf(test, user));
        var store = new PostgreSql.Tasks.PostgreSqlTaskStore(granted, test.Changes(granted), new ManualTimeProvider(), TestEngine.NewId);

        await Migration.RunAsync(migrating, default);
        await Migration.RunAsync(migrating, default);

        var task = TestTasks.New();
        Assert.Null(await store.CreateAsync(task, default));
        Assert.Equal(task.Snapshot.Id, (await store.ReadAsync(null, task.Snapshot.Id, default))?.Id);
        Assert.Equal(0, await store.DeleteExpiredAsync(10, default));
        await Assert.ThrowsAsync<TaskStoreException>(() => Migration.RunAsync(granted, default));
    }

    [SkippableFact]
    public async Task AUserWhoMayNotCreateTheSchemaIsNamedWithTheRemedy()
    {
        await using var test = await TestDatabase.CreateAsync(migrated: false);
        var user = $"{test.Schema}-poor@my-project.iam";
        await test.ExecuteAsync($"create role \"{user}\" login password 'secret'");
        await using var database = new Database(OptionsOf(test, user));

        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => Migration.RunAsync(database, default));

        Assert.False(fault.IsTransient);
        Assert.Contains($"grant create on database \"postgres\" to \"{user}\";", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AUserWhoIsNotThereIsNamedWithTheSetting()
    {
        await using var test = await TestDatabase.CreateAsync(migrated: false);
        await using var database = new Database(OptionsOf(test, "a2a", "nobody-here"));

        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => Migration.RunAsync(database, default));

        Assert.False(fault.IsTransient);
        Assert.Contains("nobody-here", fault.Message, StringComparison.Ordinal);
        Assert.Contains("A2A:PostgreSql:GrantTo (A2A__PostgreSql__GrantTo__0)", fault.Message, StringComparison.Ordinal);
        Assert.Null(await test.ExecuteAsync("select 1 from pg_namespace where nspname = '{schema}'"));
    }

    private static PostgreSqlOptions OptionsOf(TestDatabase test, string user, params string[] grantTo)
    {
        var options = test.OptionsOf();
        options.User = user;
        if (user != "a2a")
            options.Password = "secret";
        foreach (var other in grantTo)
            options.GrantTo.Add(other);
        return options;
    }

    private static async Task<TaskStoreException> ReadInVainAsync(TestDatabase database) =>
        await Assert.ThrowsAsync<TaskStoreException>(
            async () => await database.Store(new ManualTimeProvider()).ReadAsync(null, "t", default));
}
