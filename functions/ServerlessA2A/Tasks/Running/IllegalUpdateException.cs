namespace ServerlessA2A.Tasks.Running;

/// <summary>The agent yielded an update that breaks a rule of the protocol.</summary>
internal sealed class IllegalUpdateException(string reason) : Exception(reason);
