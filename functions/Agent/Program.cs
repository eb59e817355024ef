using ServerlessA2A.Functions;

// Gemini where A2A:Gemini:Model names a model, otherwise an offline agent. To bring your own: A2AFunctions.RunAsync<MyAgent>(args).
return await A2AFunctions.RunAsync(args);
