// Follow the fund from where this stopped: node consumer.ts http://HOST/events [CURSOR_FILE]
import { existsSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

const [address = "http://localhost:8000/events", kept = "cursor.txt"] = process.argv.slice(2);
const key = process.env.API_KEY; // without one: as the public, who sees what is published
const headers = key ? { Authorization: `Bearer ${key}` } : undefined;
for (;;) {
  const cursor = existsSync(kept) ? readFileSync(kept, "utf8") : "0";
  try {
    const signal = AbortSignal.timeout(60_000);
    const page = await fetch(`${address}?after=${cursor}&wait=20`, { headers, signal });
    if (!page.ok) throw new Error(`${page.status} ${await page.text()}`);
    for (const line of (await page.text()).split("\n").filter(Boolean)) {
      const event = JSON.parse(line);
      // The work. It is done when this returns; of console.log into a pipe that is not so.
      writeSync(1, `${Number(event.sequence)} ${event.time} ${event.type} ${event.subject}\n`);
    }
    writeFileSync(`${kept}.new`, page.headers.get("Socai-Cursor") ?? cursor);
    renameSync(`${kept}.new`, kept); // only now: it has all been dealt with
  } catch (error) {
    console.error(String(error));
    await new Promise((later) => setTimeout(later, 1000));
  }
}
