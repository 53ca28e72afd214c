// Many programs at once, the same for every provider: `node load.mjs <settings as JSON>` prints what a second gave.
// A flow is: ask for a code with the cookie of somebody signed in, PKCE, redeem it; or a token for a program itself.
import { createHash, randomBytes } from "node:crypto";
import { Agent, request } from "node:http";

const given = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: given.clients });
const basic = (id, secret) => "Basic " + Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64");

function call(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: given.port, method, path, agent, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const form = (fields) => new URLSearchParams(fields).toString();

async function post(path, fields, headers = {}) {
  const body = form(fields);
  return call("POST", path, { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": Buffer.byteLength(body), ...headers }, body);
}

function asked(state) {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const query = form({ client_id: given.web, redirect_uri: given.redirect, response_type: "code", scope: "openid", state, nonce: state, code_challenge: challenge, code_challenge_method: "S256" });
  return [verifier, `${given.authorize}?${query}`];
}

async function flow(cookie) {
  const state = randomBytes(8).toString("hex");
  const [verifier, path] = asked(state);
  const answer = await call("GET", path, { Cookie: cookie });
  const code = new URL(answer.headers.location ?? "x:", "http://x").searchParams.get("code");
  if (!code) throw new Error(`${answer.status} ${answer.headers.location} ${answer.text.slice(0, 500)}`);
  const got = await post(given.token, { grant_type: "authorization_code", code, redirect_uri: given.redirect, code_verifier: verifier }, { Authorization: basic(given.web, given.secret) });
  if (got.status !== 200 || !JSON.parse(got.text).id_token) throw new Error(`${got.status} ${got.text}`);
}

async function own() {
  const got = await post(given.token, { grant_type: "client_credentials" }, { Authorization: basic(given.service, given.serviceSecret) });
  if (got.status !== 200) throw new Error(`${got.status} ${got.text}`);
}

async function rate(work, seconds) {
  let count = 0;
  const begun = performance.now();
  const end = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: given.clients }, async (_, n) => {
      while (performance.now() < end) {
        await work(given.cookies[n % given.cookies.length]);
        count += 1;
      }
    }),
  );
  return (count * 1000) / (performance.now() - begun);
}

// oidc-provider's own pages for trying things out: sign in once and say yes once, keep the cookies.
async function signInByDevInteractions() {
  const jar = new Map();
  const keep = (answer) => (answer.headers["set-cookie"] ?? []).forEach((line) => { const [name, value] = line.split(";")[0].split("="); jar.set(name, value); });
  const cookies = () => ({ Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") });
  let answer = await call("GET", asked("first")[1], {});
  for (let step = 0; step < 12 && !String(answer.headers.location).startsWith(given.redirect); step++) {
    keep(answer);
    if (answer.headers.location) {
      const url = new URL(answer.headers.location, `http://127.0.0.1:${given.port}`);
      answer = await call("GET", url.pathname + url.search, cookies());
    } else {
      const action = /action="([^"]+)"/.exec(answer.text)[1];
      const prompt = /name="prompt" value="(\w+)"/.exec(answer.text)[1];
      answer = await post(new URL(action, `http://127.0.0.1:${given.port}`).pathname, { prompt, login: `p${Math.random()}`, password: "x" }, cookies());
    }
  }
  keep(answer);
  return cookies().Cookie;
}

if (!given.cookies) given.cookies = await Promise.all(Array.from({ length: given.clients }, signInByDevInteractions));
await rate(flow, 1.5);
const flows = await rate(flow, given.seconds);
await rate(own, 1);
const tokens = await rate(own, given.seconds);
process.stdout.write(JSON.stringify({ flows, tokens }) + "\n");
agent.destroy();
