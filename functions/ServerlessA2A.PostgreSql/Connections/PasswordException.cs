namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>The source of passwords failed. The connections that are open are unaffected.</summary>
internal sealed class PasswordException(string message, Exception innerException) : Exception(message, innerException);
