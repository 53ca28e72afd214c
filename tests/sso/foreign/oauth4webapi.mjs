// oauth4webapi (npm) checks every answer by the letter: `node oauth4webapi.mjs <settings as JSON>`.
import * as oauth from "oauth4webapi";
import { hear, say } from "./talk.mjs";

const given = JSON.parse(process.argv[2]);
const plain = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(given.issuer);
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain));
const client = { client_id: given.web.id };
const auth = oauth.ClientSecretPost(given.web.secret);

async function signIn(scope, auth, client) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: given.redirect,
    response_type: "code",
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  say({ open: url.href });
  const { address } = await hear();
  const back = oauth.validateAuthResponse(as, client, new URL(address), state);
  const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, back, given.redirect, verifier, plain);
  return oauth.processAuthorizationCodeResponse(as, client, answer, { expectedNonce: nonce, requireIdToken: true });
}

const got = await signIn(given.scope, auth, client);
const claims = oauth.getValidatedIdTokenClaims(got);
const known = await oauth.userInfoRequest(as, client, got.access_token, plain);
const person = await oauth.processUserInfoResponse(as, client, claims.sub, known);
const again = await oauth.refreshTokenGrantRequest(as, client, auth, got.refresh_token, plain);
const fresh = await oauth.processRefreshTokenResponse(as, client, again);
const asked = await oauth.introspectionRequest(as, client, auth, fresh.access_token, plain);
const told = await oauth.processIntrospectionResponse(as, client, asked);
await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, fresh.access_token, plain));

// A stolen refresh token: the one used above is used again, and the family is over.
let stolen = "";
try {
  await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, auth, got.refresh_token, plain));
} catch (error) {
  stolen = error.error;
}
let family = "";
try {
  await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, auth, fresh.refresh_token, plain));
} catch (error) {
  family = error.error;
}
say({ claims, person, told, stolen, family });
process.exit(0);
