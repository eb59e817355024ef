namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>The numbers of those fields of a request's GenerationConfig that the package does not name.</summary>
internal static class ConfigFields
{
    public const int ResponseModalities = 21;
    public const int Thinking = 25;
    public const int ResponseJsonSchema = 28;
}
