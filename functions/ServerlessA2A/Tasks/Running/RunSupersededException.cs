namespace ServerlessA2A.Tasks.Running;

/// <summary>The run has lost its task: to a cancel, or to another worker.</summary>
internal sealed class RunSupersededException : Exception;
