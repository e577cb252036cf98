import path from 'node:path';
import { Clock } from '@candlekeep/clock';
import { Settings, childEnvironment } from './env';
import { streamUrlOf } from './exchange';
import { makeFolder } from './make-folder';
import { Opened } from './opened';
import { choosePort, requireFreePort } from './ports/free-port';
import { urlAt } from './ports/url-at';
import { AppProcess } from './processes/app-process';
import { RunRecord } from './processes/run-record';
import { watchServers } from './servers/watch-servers';
import { LocalServers, startLocalServers } from './servers/local-servers';
import { StartFailure } from './start-failure';

export interface HouseOptions {
  readonly settings: Settings;
  /** The folder of the compiled apps, each with its src/main.js. */
  readonly appsFolder: string;
  readonly say: (line: string) => void;
}

/** Where everything that now runs can be reached. */
export interface Addresses {
  readonly gatewayUrl: string;
  readonly exchangeUrl: string;
  /** The stream that live follows. */
  readonly streamUrl: string;
  readonly servers: LocalServers;
}

type Variables = Readonly<Record<string, string>>;

const loopback = '127.0.0.1';
const simulatorPort = 3900;
const readyWithinMs = 60_000;
const stopWithinMs = 15_000;

/** All the processes of one copy of Candlekeep, opened one after another and closed in reverse order. */
export class House {
  private readonly opened = new Opened();
  private readonly closing = new AbortController();
  private readonly record: RunRecord;
  private deaths: readonly Promise<StartFailure>[] = [];

  constructor(
    private readonly options: HouseOptions,
    private readonly clock: Clock,
  ) {
    this.record = new RunRecord(path.join(options.settings.folders.state, 'run.json'), clock);
  }

  /** Opens everything. Throws StartFailure, or the signal's reason; `close` is due in any case. */
  async open(signal: AbortSignal): Promise<Addresses> {
    const { settings, say } = this.options;
    await makeFolder(settings.folders.exchange);
    await this.record.endSurvivors((name) => {
      say(`Waiting for the ${name} of an earlier run to stop ...`);
    });
    // First, since it is the likeliest thing to be wrong, and everything after it costs seconds.
    await requireFreePort(settings.host, settings.port);
    const servers = await this.openServers();
    const exchangeUrl = await this.openExchange(signal);
    const shared = serverVariables(servers);
    await this.openApp('worker', this.workerVariables(shared, exchangeUrl), signal);
    const streamUrl = settings.streamUrl ?? streamUrlOf(exchangeUrl);
    await this.openApp('live', this.liveVariables(shared, streamUrl), signal);
    const { host, port } = settings;
    await this.openApp('gateway', { ...shared, HOST: host, PORT: String(port) }, signal);
    return { gatewayUrl: urlAt(host, port), exchangeUrl, streamUrl, servers };
  }

  /** Resolves, with what to tell, when something that should run has ended; never while all is well. */
  broken(): Promise<StartFailure> {
    return Promise.race(this.deaths);
  }

  /** Closes what is open, the last opened first. */
  async close(): Promise<void> {
    this.closing.abort();
    if (this.opened.isEmpty) return;
    this.options.say('Stopping ...');
    await this.opened.closeAll();
    await this.record.clear();
    this.options.say('Stopped.');
  }

  private async openServers(): Promise<LocalServers> {
    const { settings, say } = this.options;
    const { folders, given, searchPath } = settings;
    const servers = await startLocalServers(
      {
        folder: folders.exchange,
        cacheFolder: folders.cache,
        searchPath,
        given,
        durable: true,
        say,
      },
      this.clock,
    );
    this.opened.add(() => servers.close());
    const death = watchServers(servers.running, this.clock, this.closing.signal);
    this.deaths = [...this.deaths, death];
    return servers;
  }

  private async openExchange(signal: AbortSignal): Promise<string> {
    const { exchange } = this.options.settings;
    if (exchange.kind === 'address') return exchange.url;
    const port = await choosePort(loopback, simulatorPort);
    await this.openApp('exchange-simulator', { HOST: loopback, PORT: String(port) }, signal);
    return `http://${loopback}:${port}`;
  }

  private workerVariables(shared: Variables, exchangeUrl: string): Variables {
    return { ...shared, UPBIT_REST_URL: exchangeUrl, EGRESS_ID: this.options.settings.egressId };
  }

  private liveVariables(shared: Variables, streamUrl: string): Variables {
    return {
      ...shared,
      UPBIT_WS_URL: streamUrl,
      LIVE_MARKETS: this.options.settings.liveMarkets,
    };
  }

  private async openApp(name: string, variables: Variables, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { settings, appsFolder, say } = this.options;
    say(`Starting the ${name} ...`);
    const app = new AppProcess(
      {
        name,
        script: path.join(appsFolder, name, 'src/main.js'),
        env: childEnvironment(variables),
        logFile: path.join(settings.folders.exchange, 'logs', `${name}.log`),
        readyWithinMs,
        stopWithinMs,
      },
      this.clock,
    );
    this.opened.add(() => app.close());
    const stamp = await app.spawn();
    if (stamp !== undefined) await this.record.add(name, stamp);
    await this.orBroken(app.ready(signal));
    this.deaths = [...this.deaths, app.died()];
  }

  // Something opened earlier may die while the next one starts: its message says more than a start that takes too long.
  private async orBroken(starting: Promise<void>): Promise<void> {
    const death = await Promise.race([starting, this.broken()]);
    if (death instanceof StartFailure) throw death;
  }
}

function serverVariables({ redisUrl, redisCacheUrl, databaseUrl }: LocalServers): Variables {
  return { REDIS_URL: redisUrl, REDIS_CACHE_URL: redisCacheUrl, DATABASE_URL: databaseUrl };
}
