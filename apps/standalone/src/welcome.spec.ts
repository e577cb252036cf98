import type { RunningServer } from './servers/running-server';
import { welcome } from './welcome';

const folders = { state: '/p/.candlekeep', exchange: '/p/.candlekeep/simulator', cache: '/c' };
const facts = {
  gatewayUrl: 'http://127.0.0.1:3001',
  exchange: { kind: 'simulator' },
  exchangeUrl: 'http://127.0.0.1:3900',
  streamUrl: 'ws://127.0.0.1:3900/websocket/v1',
  liveMarkets: '*',
  folders,
  servers: [],
  tookMs: 2_345,
} as const;

describe('what is printed when everything runs', () => {
  it('says where to look, what to try, whom it asks and how to stop', () => {
    const text = welcome(facts);

    expect(text).toContain('ready (2.3 s)');
    expect(text).toContain('http://127.0.0.1:3001/admin');
    expect(text).toContain(
      "curl 'http://127.0.0.1:3001/v1/candles/minutes/1?market=KRW-BTC&count=200'",
    );
    expect(text).toContain('simulator at http://127.0.0.1:3900');
    expect(text).toContain('/p/.candlekeep/simulator/logs');
    expect(text).toContain('Ctrl-C');
  });

  it('says where the stream is, and which markets are followed where', () => {
    const text = welcome(facts);

    expect(text).toContain('ws://127.0.0.1:3001/websocket/v1');
    expect(text).toContain('follows all KRW markets at ws://127.0.0.1:3900/websocket/v1');
    expect(welcome({ ...facts, liveMarkets: 'KRW-BTC,KRW-ETH' })).toContain('KRW-BTC, KRW-ETH at');
  });

  it('calls the real exchange real', () => {
    const url = 'https://api.upbit.com';

    expect(welcome({ ...facts, exchange: { kind: 'address', url }, exchangeUrl: url })).toContain(
      `the real Upbit, ${url}`,
    );
  });

  it('names the place of a database that could not lie in the project', () => {
    const text = welcome({ ...facts, servers: [serverAt('/var/lib/candlekeep/abc/data')] });

    expect(text).toContain('/var/lib/candlekeep/abc/data (Postgres server)');
  });

  it('does not repeat a place inside the data folder', () => {
    const inside = `${folders.exchange}/postgres/data`;

    expect(welcome({ ...facts, servers: [serverAt(inside)] })).not.toContain(inside);
  });
});

function serverAt(folder: string): RunningServer {
  const close = (): Promise<void> => Promise.resolve();
  const stamp = { pid: 1, start: '1' };
  return { name: 'Postgres server', url: '', stamp, folder, logFile: '', close };
}
