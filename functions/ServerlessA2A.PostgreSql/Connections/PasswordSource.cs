namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>Fetches the password of a new connection, where it is none that settings can hold: for IAM login, an access token.</summary>
internal delegate ValueTask<string> PasswordSource(CancellationToken cancellationToken);
