// Follow the fund from where this stopped: node consumer.ts http://HOST/events [CURSOR_FILE]
import { existsSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

const [address = "http://localhost:8000/events", kept = "cursor.txt"] = process.argv.slice(2);
const key = process.env.API_KEY; // without one: as the public, who sees what is published
const fields = (told: string): Record<string, string | undefined> =>
  Object.fromEntries(told.split(/\r?\n/).map((line) => line.split(/: (.*)/s)));

for (;;) {
  let cursor = existsSync(kept) ? Number(readFileSync(kept, "utf8")) : 0;
  const asked = { Accept: "text/event-stream", "Last-Event-ID": String(cursor) };
  const headers = key ? { ...asked, Authorization: `Bearer ${key}` } : asked;
  try {
    const answer = await fetch(address, { headers });
    if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
    let rest = "";
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      const whole = (rest + part).split(/\r?\n\r?\n/);
      rest = whole.pop() ?? "";
      for (const told of whole.map(fields)) {
        if (told.event === "error") throw new Error(told.data);
        if (told.event !== "heartbeat" && Number(told.id) > cursor) {
          const event = JSON.parse(told.data ?? "");
          // The work. It is done when this returns; of console.log into a pipe that is not so.
          writeSync(1, `${told.id} ${event.time} ${event.type} ${event.subject}\n`);
        }
        cursor = Math.max(cursor, Number(told.id ?? 0));
        writeFileSync(`${kept}.new`, String(cursor)); // only now: it has been dealt with
        renameSync(`${kept}.new`, kept);
      }
    }
  } catch (error) {
    console.error(String(error));
  }
  await new Promise((later) => setTimeout(later, 1000));
}
