namespace ServerlessA2A.Tasks;

/// <summary>
/// Deletes expired tasks, for stores whose database does not do it by itself. Each sweep calls it (<see cref="Running.TaskSweeper"/>).
/// Expired tasks that are not deleted yet are not found by anything.
/// </summary>
public interface ITaskExpiry
{
    /// <summary>Deletes a batch of expired tasks with all that belongs to them. Several callers at once delete different ones.</summary>
    /// <param name="count">The most tasks to delete.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were deleted: fewer than <paramref name="count"/> where no more are expired.</returns>
    /// <exception cref="TaskStoreException">The store failed; the rest is the next sweep's.</exception>
    ValueTask<int> DeleteExpiredAsync(int count, CancellationToken cancellationToken);
}
