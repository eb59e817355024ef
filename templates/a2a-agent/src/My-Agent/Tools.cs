using System.ComponentModel;
using System.Security.Cryptography;

namespace My_Agent;

public static class Tools
{
    [Description("Rolls a die.")]
    public static int RollDice([Description("How many sides the die has.")] int sides) => RandomNumberGenerator.GetInt32(sides) + 1;
}
