// Drives running programs with the published JavaScript SDKs: node run.mjs <baseUrl> <testAgentUrl> [--sdk S] [--binding B] [--scenario N], or --list.
// Prints a line of JSON for each row: {"row","ok","error"}. The first program runs with A2A__Agent__PushNotifications=true and the offline agent, the
// second one is tests/ServerlessA2A.TestAgent, for rows with "agent": "test".
import { parseArgs } from 'node:util';
import { rows } from './lib/rows.mjs';
import { Wire } from './lib/wire.mjs';
import card from './scenarios/card.mjs';
import errors from './scenarios/errors.mjs';
import push from './scenarios/push.mjs';
import reply from './scenarios/reply.mjs';
import send from './scenarios/send.mjs';
import stream from './scenarios/stream.mjs';
import tasks from './scenarios/tasks.mjs';
import { sdks } from './sdks/index.mjs';

const scenarios = { ...card, ...errors, ...push, ...reply, ...send, ...stream, ...tasks };
const rowsAtOnce = 12;
const rowLimit = 60_000;

async function run({ id, sdk, binding, scenario }, baseUrl) {
  const limit = AbortSignal.timeout(rowLimit);
  const wire = new Wire(limit);
  try {
    const { connect, errorName } = sdks[sdk];
    const client = await connect(baseUrl, binding, wire);
    await Promise.race([scenarios[scenario]({ client, errorName, wire, baseUrl, binding }), failAt(limit)]);
    return { row: id, ok: true };
  } catch (error) {
    return { row: id, ok: false, error: `${error.stack ?? error}${error.cause ? `\ncaused by ${error.cause}` : ''}\n${wire.describe()}` };
  }
}

const failAt = (limit) =>
  new Promise((_, reject) => limit.addEventListener('abort', () => reject(new Error(`The row took more than ${rowLimit / 1000} s.`)), { once: true }));

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { list: { type: 'boolean' }, sdk: { type: 'string' }, binding: { type: 'string' }, scenario: { type: 'string' } },
  });
  const chosen = rows.filter((row) => ['sdk', 'binding', 'scenario'].every((name) => values[name] === undefined || row[name] === values[name]));
  const [named, made] = [new Set(rows.map((row) => row.scenario)), new Set(Object.keys(scenarios))];
  const lost = [...named, ...made].filter((name) => !named.has(name) || !made.has(name));
  if (lost.length) throw new Error(`rows.json and scenarios/ disagree about ${lost.join(', ')}.`);
  if (values.list) {
    for (const row of chosen) console.log(row.id);
    return 0;
  }
  if (positionals.length !== 2 || chosen.length === 0) {
    const usage = 'Usage: node run.mjs <baseUrl> <testAgentUrl> [--sdk S] [--binding B] [--scenario N] | --list';
    console.error(positionals.length === 2 ? 'No row is as chosen; see --list.' : usage);
    return 2;
  }

  let failed = 0;
  const waiting = [...chosen];
  const work = async () => {
    for (let row; (row = waiting.shift()); ) {
      const result = await run(row, positionals[row.agent === 'test' ? 1 : 0]);
      if (!result.ok) failed++;
      console.log(JSON.stringify(result));
    }
  };
  await Promise.all(Array.from({ length: rowsAtOnce }, work));
  return failed === 0 ? 0 : 1;
}

process.exit(await main());
