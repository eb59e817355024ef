namespace ServerlessA2A.GoogleCloud.Tests.Emulators;

/// <summary>A project of its own for each test: on the emulators projects and databases come into being on use.</summary>
internal static class TestProject
{
    public static string NewId() => $"test-{Guid.NewGuid():N}"[..30];
}
