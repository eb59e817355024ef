namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>The files that the tests are built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ServerlessA2A.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"There is no ServerlessA2A.sln above {AppContext.BaseDirectory}.");
    }
}
