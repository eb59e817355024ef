namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>The version of the tables, which stands in the table <c>schema_version</c>.</summary>
internal static class SchemaVersion
{
    /// <summary>The one that this program reads and writes: the number of the last script in <c>Schema/</c>.</summary>
    public const int Current = 2;

    /// <summary>The message for a database without tables.</summary>
    public static string Missing(Database database) =>
        $"The schema {database.Schema} of {database.Name} has no tables of ServerlessA2A. Run the program with --migrate once " +
        $"(deploy.sh up does).";

    /// <summary>The message for a database with other tables.</summary>
    public static string Other(Database database, int version) =>
        $"The schema {database.Schema} of {database.Name} has version {version}, this program needs {Current}: "
        + (version < Current ? "run the program with --migrate (deploy.sh up does)."
            : "a newer program has migrated it. Deploy that program everywhere.");
}
