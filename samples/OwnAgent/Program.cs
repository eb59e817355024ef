return await ServerlessA2A.Functions.A2AFunctions.RunAsync<OwnAgent.ShoutingAgent>(args);
