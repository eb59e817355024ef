using ServerlessA2A.Tool;

var arguments = Commands.Root().Parse(args);
var exitCode = await arguments.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
// The parser has printed the error.
return arguments.Errors.Count > 0 ? ExitCode.Usage : exitCode;
