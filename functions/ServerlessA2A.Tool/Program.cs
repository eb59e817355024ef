using System.CommandLine;
using System.Text;
using ServerlessA2A.Tool;

// There the console has an older encoding, which lacks most characters.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Console.InputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
// A message that begins with @ is a message, and no file of arguments.
var arguments = Commands.Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
var exitCode = await arguments.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
// The parser has printed the error.
return arguments.Errors.Count > 0 ? ExitCode.Usage : exitCode;
