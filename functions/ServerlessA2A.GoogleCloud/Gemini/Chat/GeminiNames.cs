using System.Text;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>The API's names of enumeration values, such as PROHIBITED_CONTENT; the number if the package lacks the value.</summary>
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
