// Makes two providers of identities, one that signs with ES256 and one with RS256, and tokens of theirs, good and bad, with jose and nothing of ours:
// node tokens.mjs <audience>. Prints {"ES256":{"issuer","keySet","tokens":{name:token}},"RS256":...}. The names say what is wrong with a token.
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';

const audience = process.argv[2];
const now = Math.floor(Date.now() / 1000);
// The same in both key sets: a key must not be found by its name alone.
const kid = 'key-1';
const issuerOf = (algorithm) => `https://${algorithm.toLowerCase()}.example.com/`;

const claimsOf = (issuer, sub) => ({ iss: issuer, aud: audience, sub, iat: now - 10, exp: now + 3600 });
const sign = (claims, key, header) => new SignJWT(claims).setProtectedHeader({ typ: 'JWT', kid, ...header }).sign(key);
const bytesOf = (text) => new TextEncoder().encode(text);

async function providerOf(alg, another) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  const issuer = issuerOf(alg);
  const right = claimsOf(issuer, 'alice');
  const tokens = {
    RightCaller: await sign(right, privateKey, { alg }),
    OtherCaller: await sign(claimsOf(issuer, 'bob'), privateKey, { alg }),
    WrongIssuer: await sign({ ...right, iss: 'https://nobody.example.com/' }, privateKey, { alg }),
    IssuerOfAnotherProvider: await sign({ ...right, iss: issuerOf(another) }, privateKey, { alg }),
    WrongAudience: await sign({ ...right, aud: `${audience}/other` }, privateKey, { alg }),
    Expired: await sign({ ...right, iat: now - 7200, exp: now - 3600 }, privateKey, { alg }),
    AlgNone: new UnsecuredJWT(right).encode(),
    // Whoever takes the algorithm that the token names checks these with the public key as the shared one.
    Hs256WithPublicPem: await sign(right, bytesOf(await exportSPKI(publicKey)), { alg: 'HS256' }),
    Hs256WithPublicJwk: await sign(right, bytesOf(JSON.stringify(jwk)), { alg: 'HS256' }),
    UnknownKid: await sign(right, privateKey, { alg, kid: 'key-2' }),
  };
  return { issuer, keySet: { keys: [jwk] }, tokens };
}

console.log(JSON.stringify({ ES256: await providerOf('ES256', 'RS256'), RS256: await providerOf('RS256', 'ES256') }));
