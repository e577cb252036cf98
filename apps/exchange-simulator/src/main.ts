import { readEnv } from './env';
import { faultKinds } from './faults/fault-kinds';
import { Blocks } from './http/blocks';
import { startSimulator, type Simulator } from './simulator';
import { StreamFaults } from './stream/stream-faults';
import { usageText } from './usage';

async function main(): Promise<void> {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(
      `${usageText(faultKinds({ blocks: new Blocks(), streamFaults: new StreamFaults() }))}\n`,
    );
    return;
  }
  const env = readEnv();
  const simulator = await startSimulator({
    host: env.HOST,
    port: env.PORT,
    controlPort: env.CONTROL_PORT,
    latencyMs: env.LATENCY_MS,
    latencyProfile: env.LATENCY_PROFILE,
    latencySeed: env.LATENCY_SEED,
    timeOffsetMs: env.TIME_OFFSET_MS,
  });
  stopOnRequest(simulator);
  const control = simulator.controlUrl === undefined ? '' : ` (control ${simulator.controlUrl})`;
  process.stdout.write(`exchange-simulator listening on ${simulator.url}${control}\n`);
  process.send?.('ready');
}

/** A signal, or the end of the parent that started this process, stops it in order. */
function stopOnRequest(simulator: Simulator): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    simulator.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
