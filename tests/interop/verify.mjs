// Verifies the signatures of deliveries and cards as a receiver does, with jose and nothing of ours: node verify.mjs <keysUrl>.
// Reads a line of JSON for each and prints one, {"ok":false,"code","error"} where it is not good:
// - a delivery, {"token","body","audience","issuer","now"}: {"ok","claims","header","keyType","thumbprint"}
// - a card's text, {"card"}, in the canonical form of the package canonicalize: {"ok","header","index"}
// - a card's text, {"card","sdk":true}, and the address of an agent, {"agent"}, by the published SDK for 1.0: {"ok"}
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { verifyAgentCardSignature } from 'a2a-1.0';
import { DefaultAgentCardResolver } from 'a2a-1.0/client';
import canonicalize from 'canonicalize';
import { base64url, calculateJwkThumbprint, createRemoteJWKSet, flattenedVerify, jwtVerify } from 'jose';

const keysUrl = new URL(process.argv[2]);
// Keys are fetched once, and again for a token of a key that is not among them.
const keys = createRemoteJWKSet(keysUrl, { cooldownDuration: 0 });

async function verifyDelivery({ token, body, audience, issuer, now }) {
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

async function verifyCard({ card }) {
  const { signatures, ...unsigned } = JSON.parse(card);
  const payload = base64url.encode(canonicalize(unsigned));
  let refusal = Object.assign(new Error('The card has no signatures.'), { code: 'UNSIGNED' });
  for (const [index, signature] of (signatures ?? []).entries()) {
    try {
      const { protectedHeader } = await flattenedVerify({ ...signature, payload }, keys, { algorithms: ['ES256', 'RS256'] });
      return { ok: true, header: protectedHeader, index };
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

// The SDK tells on the console why it refuses each signature, and standard output is for results.
console.debug = () => {};
const verifyWithSdk = verifyAgentCardSignature(async (kid, jku) => {
  if (jku !== keysUrl.href) throw new Error(`The keys of ${jku} are not the trusted ones.`);
  await keys.reload();
  return keys.jwks().keys.find((key) => key.kid === kid);
});

async function verifyCardWithSdk({ card, agent }) {
  await verifyWithSdk(agent ? await new DefaultAgentCardResolver().resolve(agent) : JSON.parse(card));
  return { ok: true };
}

const verifierOf = (request) => (request.token ? verifyDelivery : request.agent || request.sdk ? verifyCardWithSdk : verifyCard);

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const result = await verifierOf(request)(request).catch(({ code, message }) => ({ ok: false, code, error: message }));
  console.log(JSON.stringify(result));
}
