import fc from 'fast-check';
import { escaped, fuzzHeaders, type FuzzRequest, queryText } from './fuzz-request';
import { hostileText } from './hostile-values';

const CANDLES = ['seconds', 'days', 'weeks', 'months', 'years', 'minutes/1', 'minutes/60', 'nope'];
const V1 = [
  ...CANDLES.map((name) => `/v1/candles/${name}`),
  ...['/v1/market/all', '/v1/ticker', '/v1/ticker/all', '/v1/trades/ticks', '/v1/orderbook'],
  ...['/v1/orderbook/instruments', '/v1/accounts', '/v1'],
];
const PLACES = [
  ...['/health/live', '/health/ready', '/health', '/docs', '/docs/', '/docs/start.js', '/metrics'],
  ...[
    '/docs/swagger-ui.css',
    '/docs/favicon-32x32.png',
    '/docs/nope',
    '/',
    '/api',
    '/api/',
    '/nope',
  ],
  ...['/api/openapi.json', '/websocket/v1', '/favicon.ico', '/robots.txt', '/.env', '/v1/', '//'],
  ...['/admin', '/admin/', '/admin/assets/nope.js', '/admin/login', '/admin/queues', '/admin/nope'],
  ...['/%61pi/coverage', '/%76%31/ticker', '/api%2Fcandles', '/api/../v1/ticker', '/API/markets'],
];

const parameters: Readonly<Record<string, fc.Arbitrary<string>>> = {
  market: fc.constantFrom(
    'KRW-ETH',
    'KRW-XRP',
    'krw-sol',
    'KRW-NOPE',
    'BTC-ETH',
    'KRW-ETH,KRW-XRP',
  ),
  markets: fc.constantFrom('KRW-ETH', 'KRW-ETH,KRW-XRP', 'KRW-NOPE'),
  to: fc.constantFrom('2026-11-20T00:00:00', '2026-11-20 00:00:00', '2026-11-20T00:00:00%2B09:00'),
  count: fc.oneof(fc.integer({ min: -1, max: 300 }).map(String), fc.constantFrom('1.0', '+3', '')),
  converting_price_unit: fc.constantFrom('KRW', 'USD', ''),
  is_details: fc.constantFrom('true', 'false', 'yes'),
  isDetails: fc.constantFrom('true', ''),
  quote_currencies: fc.constantFrom('KRW', 'KRW,BTC', 'NOPE'),
  cursor: fc.constantFrom('1', 'x'),
  days_ago: fc.constantFrom('1', '8', '-1'),
  level: fc.constantFrom('0', '1000000', 'x'),
};

const pair = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.oneof(
      ...Object.entries(parameters).map(([name, value]) => fc.tuple(fc.constant(name), value)),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...Object.keys(parameters)), hostileText) },
  { weight: 1, arbitrary: fc.tuple(hostileText, hostileText) },
);
const query = fc.array(pair, { maxLength: 4 }).map(queryText);
const get = fc.constant('GET');
const strange = fc.constantFrom('POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE');

/** Requests of the exchange's own form, more or less. */
export const exchangeRequests: fc.Arbitrary<FuzzRequest> = requests(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...V1) },
    hostileText.map((text) => `/v1/candles/${escaped(text)}`),
  ),
  fc.oneof({ weight: 12, arbitrary: get }, strange),
);

/** Requests for pages, health and what is not there. The queues' page is looked at, and no more. */
export const otherRequests: fc.Arbitrary<FuzzRequest> = requests(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PLACES) },
    hostileText.map((text) => `/${escaped(text)}`),
  ),
  get,
);

function requests(
  path: fc.Arbitrary<string>,
  method: fc.Arbitrary<string>,
): fc.Arbitrary<FuzzRequest> {
  return fc
    .tuple(path, query, method, fuzzHeaders)
    .map(([place, asked, how, headers]) => ({ method: how, path: place + asked, headers }));
}
