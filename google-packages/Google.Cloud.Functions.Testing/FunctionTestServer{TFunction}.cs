namespace Google.Cloud.Functions.Testing;

/// <summary>Without parameters, so that a test framework can make it as a fixture.</summary>
public class FunctionTestServer<TFunction>() : FunctionTestServer(typeof(TFunction));
