namespace ServerlessA2A.PostgreSql;

/// <summary>
/// Fetches the password of new connections where settings cannot hold it: for IAM login (<see cref="PostgreSqlOptions.IamLogin"/>), an
/// access token. Register it as a service; it is called when the first connection opens and every 30 minutes.
/// </summary>
/// <param name="cancellationToken">Ends the wait.</param>
public delegate ValueTask<string> PostgreSqlPasswordSource(CancellationToken cancellationToken);
