// oidc-provider (npm), everything in memory: the yardstick of `bench/oidc.py`.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const given = JSON.parse(process.argv[2]);
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const provider = new Provider(given.issuer, {
  clients: [
    { client_id: "web", client_secret: given.secret, redirect_uris: [given.redirect], grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] },
    { client_id: "service", client_secret: given.secret, redirect_uris: [], grant_types: ["client_credentials"], response_types: [] },
  ],
  jwks: { keys: [{ ...key, use: "sig", alg: "RS256", kid: "k" }] },
  cookies: { keys: ["only for measuring"] },
  features: { devInteractions: { enabled: true }, clientCredentials: { enabled: true }, introspection: { enabled: true } },
  issueRefreshToken: async (ctx, client, code) => client.grantTypeAllowed("refresh_token"),
  pkce: { required: () => true },
  findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
});
provider.listen(given.port, "127.0.0.1", () => process.stdout.write(JSON.stringify({ ready: true }) + "\n"));
