namespace ServerlessA2A.Tasks;

/// <summary>Makes ids that nobody can guess: tasks, contexts, runs, messages, configurations.</summary>
internal delegate string IdSource();
