namespace ServerlessA2A.Tasks.Operations;

/// <summary>What became of a callback.</summary>
internal enum CallbackOutcome
{
    /// <summary>It continues the task, now or by an equal earlier call.</summary>
    Accepted,

    /// <summary>Its state has expired.</summary>
    Expired,

    /// <summary>Its state was used before, with other parameters.</summary>
    Used,

    /// <summary>The task has ended, or does not exist any more.</summary>
    Ended,
}
