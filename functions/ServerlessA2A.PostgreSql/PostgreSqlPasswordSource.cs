namespace ServerlessA2A.PostgreSql;

/// <summary>
/// Fetches the password of a new connection where settings cannot hold it: for IAM login (<see cref="PostgreSqlOptions.IamLogin"/>), an
/// access token. Register it as a service. It is called for each connection that opens, so it should cache its result while that is valid.
/// </summary>
/// <param name="cancellationToken">Ends the wait.</param>
public delegate ValueTask<string> PostgreSqlPasswordSource(CancellationToken cancellationToken);
