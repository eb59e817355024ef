namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

public sealed class NotGoogles;
