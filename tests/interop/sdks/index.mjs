import * as v0_3 from './v0_3.mjs';
import * as v1_0 from './v1_0.mjs';

export const sdks = {
  '1.0': v1_0,
  '0.3': v0_3,
  '1.0-as-0.3': { ...v1_0, connect: (baseUrl, binding, wire) => v1_0.connect(baseUrl, binding, wire, { as03: true }) },
};
