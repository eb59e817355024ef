using Microsoft.Extensions.Logging;

namespace Google.Cloud.Functions.Testing;

public class MemoryLogger<TCategoryName>() : MemoryLogger(CategoryNames.Of(typeof(TCategoryName))), ILogger<TCategoryName>;
