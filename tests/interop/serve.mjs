// Serves an agent with the published JavaScript SDK of a version: node serve.mjs 1.0|0.3. Prints its address, and ends with standard input.
// The agent does what the message says: "reply", "ask", "fail", "slow" (waits for a second message of that text), or "chunks:N".
import { createServer } from 'node:http';
import express from 'express';
import { serve as serve0_3 } from './servers/v0_3.mjs';
import { serve as serve1_0 } from './servers/v1_0.mjs';

const app = express();
const server = createServer(app);
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${server.address().port}`;
await ({ '1.0': serve1_0, 0.3: serve0_3 })[process.argv[2]](app, address);
console.log(address);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
