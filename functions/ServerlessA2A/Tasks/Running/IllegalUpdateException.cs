namespace ServerlessA2A.Tasks.Running;

/// <summary>The agent has yielded what breaks a rule of the protocol.</summary>
internal sealed class IllegalUpdateException(string reason) : Exception(reason);
