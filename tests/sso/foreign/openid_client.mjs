// openid-client (npm) does everything it can do with a provider: `node openid_client.mjs <settings as JSON>`.
import * as client from "openid-client";
import { hear, say } from "./talk.mjs";

const given = JSON.parse(process.argv[2]);
const insecure = { execute: [client.allowInsecureRequests] };
const at = (id, secret) =>
  client.discovery(new URL(given.issuer), id, secret, secret ? undefined : client.None(), insecure);

async function signIn(config, more = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: given.redirect,
    scope: given.scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...more,
  });
  say({ open: url.href });
  const { address } = await hear();
  return client.authorizationCodeGrant(config, new URL(address), {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
    ...(more.max_age ? { maxAge: Number(more.max_age) } : {}),
  });
}

const web = await at(given.web.id, given.web.secret);
const tokens = await signIn(web);
const claims = tokens.claims();
const person = await client.fetchUserInfo(web, tokens.access_token, claims.sub);
const fresh = await client.refreshTokenGrant(web, tokens.refresh_token);
const told = await client.tokenIntrospection(web, fresh.access_token);
await client.tokenRevocation(web, fresh.refresh_token);
const afterwards = await client.tokenIntrospection(web, fresh.access_token);
say({ claims, person, told, afterwards });

const silent = await signIn(web, { prompt: "none", max_age: "3600" });
say({ silent: silent.claims(), end: client.buildEndSessionUrl(web, { id_token_hint: silent.id_token, post_logout_redirect_uri: given.bye, state: "s" }).href });

const service = await at(given.service.id, given.service.secret);
const own = await client.clientCredentialsGrant(service, { scope: "cases.read" });
say({ own: await client.tokenIntrospection(service, own.access_token) });

const device = await at(given.device.id);
const waiting = await client.initiateDeviceAuthorization(device, { scope: "openid profile" });
say({ code: waiting.user_code, page: waiting.verification_uri_complete });
const inside = await client.pollDeviceAuthorizationGrant(device, waiting);
say({ device: inside.claims() });
process.exit(0);
