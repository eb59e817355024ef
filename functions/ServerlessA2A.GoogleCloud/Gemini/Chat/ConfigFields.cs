namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>The numbers of the fields of GenerationConfig that the package lacks.</summary>
internal static class ConfigFields
{
    public const int ResponseModalities = 21;
    public const int Thinking = 25;
    public const int ResponseJsonSchema = 28;
}
