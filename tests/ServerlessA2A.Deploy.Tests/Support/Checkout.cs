using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>A copy of the tree as a pipeline checks it out: without what builds leave behind, with files of its own.</summary>
internal sealed class Checkout : IDisposable
{
    private static readonly string[] Left = [".git", "bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    private Checkout(string root) => Root = root;

    public string Root { get; }

    /// <summary>Its files, by their paths in it.</summary>
    public IReadOnlyList<string> Files => FilesIn(Root);

    public static Checkout Create(params (string Name, string Content)[] added)
    {
        var root = Directory.CreateTempSubdirectory("a2a-checkout-").FullName;
        foreach (var file in FilesIn(Repository.Root))
        {
            var copy = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }

        foreach (var (name, content) in added)
            File.WriteAllText(Path.Combine(root, name), content);
        return new Checkout(root);
    }

    public static IReadOnlyList<string> FilesIn(string root) =>
        [.. Enumerate(root).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static IEnumerable<string> Enumerate(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => !Left.Contains(Path.GetFileName(file)))
        .Concat(Directory.EnumerateDirectories(folder).Where(each => !Left.Contains(Path.GetFileName(each))).SelectMany(Enumerate));
}
