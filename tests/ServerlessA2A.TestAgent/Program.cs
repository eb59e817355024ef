return await ServerlessA2A.Functions.A2AFunctions.RunAsync<ServerlessA2A.TestAgent.ObedientAgent>(args);
