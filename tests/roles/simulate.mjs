// Decides simulations with @cloud-copilot/iam-simulate: a JSON list on standard input, the verdicts on standard output.
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const { runSimulation } = await import(pathToFileURL(process.argv[2]).href);
const verdicts = [];
for (const simulation of JSON.parse(await text(process.stdin))) {
  const found = await runSimulation(simulation, { simulationMode: "Strict" });
  verdicts.push(
    found.resultType === "error"
      ? { error: found.errors }
      : { verdict: found.overallResult, ignored: (found.result ?? found.results[0])?.ignoredContextKeys ?? [] },
  );
}
console.log(JSON.stringify(verdicts));
