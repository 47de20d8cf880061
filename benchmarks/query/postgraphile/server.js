// PostGraphile 5 at its best: Amber preset, production mode, prepared statements, answers as text.
//     node server.js PORT PROCESSES URL CONNECTIONS
import cluster from "node:cluster";
import { createServer } from "node:http";

import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [port, processes, connectionString, connections] = process.argv.slice(2);

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString,
      schemas: ["peer"],
      poolConfig: { max: Number(connections), options: "-c jit=off" },
    }),
  ],
  grafast: { explain: false },
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, outputDataAsString: true },
};

async function answer() {
  const served = postgraphile(preset).createServ(grafserv);
  const server = createServer();
  server.keepAliveTimeout = 60_000;
  await served.addTo(server);
  server.listen(Number(port), "127.0.0.1");
}

if (Number(processes) > 1 && cluster.isPrimary) {
  for (let each = 0; each < Number(processes); each += 1) cluster.fork();
} else {
  await answer();
}
