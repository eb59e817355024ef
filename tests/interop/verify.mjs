// Verifies the signatures of deliveries as a receiver does, with jose and nothing of ours: node verify.mjs <keysUrl>.
// Reads a line of JSON for each delivery, {"token","body","audience","issuer","now"}, and prints one:
// {"ok","claims","header","keyType","thumbprint"} or {"ok","code","error"}.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { calculateJwkThumbprint, createRemoteJWKSet, jwtVerify } from 'jose';

const keysUrl = new URL(process.argv[2]);
// Keys are fetched once, and again for a token of a key that is not among them.
const keys = createRemoteJWKSet(keysUrl, { cooldownDuration: 0 });

async function verify({ token, body, audience, issuer, now }) {
  const { payload, protectedHeader, key } = await jwtVerify(token, keys, {
    audience,
    issuer: issuer ?? undefined,
    algorithms: ['ES256', 'RS256'],
    typ: 'JWT',
    requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'taskId', 'bodyHash'],
    currentDate: now == null ? new Date() : new Date(now),
  });
  const hash = createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64url');
  if (payload.bodyHash !== hash) throw Object.assign(new Error('The token is for another body.'), { code: 'BODY' });
  const published = keys.jwks().keys.find(({ kid }) => kid === protectedHeader.kid);
  return { ok: true, claims: payload, header: protectedHeader, keyType: key.type, thumbprint: await calculateJwkThumbprint(published) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await verify(JSON.parse(line)).catch(({ code, message }) => ({ ok: false, code, error: message }));
  console.log(JSON.stringify(result));
}
