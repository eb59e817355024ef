// The rows: each scenario with each SDK that knows it, over each binding. rows.json is also read by PublishedClientTests.cs.
import { readFileSync } from 'node:fs';

const data = JSON.parse(readFileSync(new URL('../rows.json', import.meta.url), 'utf8'));

export const rows = data.sdks.flatMap((sdk) =>
  data.bindings.flatMap((binding) =>
    data.scenarios
      .filter((scenario) => (!scenario.sdks || scenario.sdks.includes(sdk)) && (!scenario.bindings || scenario.bindings.includes(binding)))
      // What 0.3's SDKs lose over gRPC: history lengths of 0, null in data, and whether an artifact is appended to.
      .filter((scenario) => !scenario.not?.includes(`${sdk}/${binding}`))
      .map((scenario) => ({ id: `${sdk}/${binding}/${scenario.name}`, sdk, binding, scenario: scenario.name, agent: scenario.agent })),
  ),
);
