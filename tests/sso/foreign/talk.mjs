// Talking with the test: one line of JSON out, one line in. The test is the person at the browser.
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export function say(what) {
  process.stdout.write(JSON.stringify(what) + "\n");
}

export async function hear() {
  const { value, done } = await lines.next();
  if (done) process.exit(0);
  return JSON.parse(value);
}
