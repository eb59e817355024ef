namespace Google.Cloud.Functions.Hosting;

/// <summary>The class that was registered as the function, for those who come after the registration.</summary>
internal sealed record FunctionTarget(Type Type);
