using ServerlessA2A.Functions;

return await A2AFunctions.RunAsync(args);
