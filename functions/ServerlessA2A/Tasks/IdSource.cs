namespace ServerlessA2A.Tasks;

/// <summary>Creates unguessable ids of tasks, contexts, runs, messages and webhooks.</summary>
internal delegate string IdSource();
