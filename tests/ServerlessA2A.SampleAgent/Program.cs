return await ServerlessA2A.Functions.A2AFunctions.RunAsync<ServerlessA2A.SampleAgent.ShoutingAgent>(args);
