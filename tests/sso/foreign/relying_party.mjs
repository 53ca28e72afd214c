// A small web program with openid-client: signs people in, forgets them when the provider says so by back-channel.
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as client from "openid-client";
import { say } from "./talk.mjs";

const given = JSON.parse(process.argv[2]);
const config = await client.discovery(new URL(given.issuer), given.id, given.secret, undefined, {
  execute: [client.allowInsecureRequests],
});
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
const waiting = new Map();
const people = new Map();
const base = `http://127.0.0.1:${given.port}`;
const page = (text) => `<!doctype html><html lang="vi"><head><title>RP</title><link rel="icon" href="data:,"></head><body><main><h1>${text}</h1><a href="/login">Vào bằng tài khoản tỉnh</a></main></body></html>`;

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

const routes = {
  "/": async (request) => {
    const cookie = /rp=(\w+)/.exec(request.headers.cookie ?? "")?.[1];
    const person = people.get(cookie);
    return [200, page(person ? `Xin chào ${person.name}` : "Chưa đăng nhập")];
  },
  "/login": async () => {
    const verifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    waiting.set(state, { verifier, nonce });
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${base}/cb`, scope: "openid profile posts", state, nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
    });
    return [302, "", { Location: url.href }];
  },
  "/cb": async (request, url) => {
    const state = url.searchParams.get("state");
    const { verifier, nonce } = waiting.get(state);
    const tokens = await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true,
    });
    const { sid, sub } = tokens.claims();
    const known = await client.fetchUserInfo(config, tokens.access_token, sub);
    const cookie = client.randomState().replace(/\W/g, "");
    people.set(cookie, { sid, name: known.name });
    return [302, "", { Location: "/", "Set-Cookie": `rp=${cookie}; HttpOnly; Path=/` }];
  },
  "/backchannel": async (request) => {
    const token = (await body(request)).get("logout_token");
    const { payload } = await jwtVerify(token, keys, {
      issuer: given.issuer, audience: given.id, typ: "logout+jwt", requiredClaims: ["iat", "jti", "events", "sid"],
    });
    if (payload.nonce || !payload.events["http://schemas.openid.net/event/backchannel-logout"]) return [400, "bad"];
    for (const [cookie, person] of people) if (person.sid === payload.sid) people.delete(cookie);
    return [200, ""];
  },
};

createServer(async (request, response) => {
  const url = new URL(request.url, base);
  try {
    const [status, text, headers] = await (routes[url.pathname] ?? (async () => [404, ""]))(request, url);
    response.writeHead(status, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(text);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}).listen(given.port, "127.0.0.1", () => say({ ready: base }));
