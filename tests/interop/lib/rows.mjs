// The rows: each scenario with each SDK that knows it, over each binding. rows.json is also read by PublishedClientTests.cs.
import { readFileSync } from 'node:fs';

const data = JSON.parse(readFileSync(new URL('../rows.json', import.meta.url), 'utf8'));

export const rows = data.sdks.flatMap((sdk) =>
  data.bindings.flatMap((binding) =>
    data.scenarios
      .filter((scenario) => !scenario.sdks || scenario.sdks.includes(sdk))
      .map((scenario) => ({ id: `${sdk}/${binding}/${scenario.name}`, sdk, binding, scenario: scenario.name, agent: scenario.agent })),
  ),
);
