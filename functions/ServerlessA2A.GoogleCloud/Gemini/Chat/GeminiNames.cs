using System.Text;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>The API's own words for its enumerations, such as PROHIBITED_CONTENT; a value that the package has no word for is its number.</summary>
internal static class GeminiNames
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum
    {
        var name = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0)
                name.Append('_');
            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
