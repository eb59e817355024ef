namespace ServerlessA2A.Notifications;

/// <summary>Signs deliveries: the port behind which keys are.</summary>
internal interface INotificationSigner
{
    /// <summary>A token for one delivery; null where deliveries are not signed.</summary>
    /// <param name="audience">The webhook's address.</param>
    /// <param name="taskId">The task that it is about.</param>
    /// <param name="body">What is delivered: the token vouches for it where it can.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<string?> SignAsync(Uri audience, string taskId, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
