import { CandlekeepClient } from '../src/candlekeep-client';
import type { CandlekeepClientOptions } from '../src/client-options';
import { ContractGateway } from './contract-gateway';

/** What a test asks, and by whom. */
export interface Asking {
  readonly gateway: ContractGateway;
  readonly client: CandlekeepClient;
}

/** Opens a gateway and a client of it before each test of the block that calls this, and closes both after it. */
export function eachWithGateway(options: Omit<CandlekeepClientOptions, 'baseUrl'> = {}): Asking {
  let gateway: ContractGateway | undefined;
  let client: CandlekeepClient | undefined;
  beforeEach(async () => {
    gateway = await ContractGateway.start();
    client = new CandlekeepClient({ baseUrl: gateway.url, ...options });
  });
  afterEach(async () => {
    client?.close();
    await gateway?.close();
  });
  return {
    get gateway() {
      return opened(gateway);
    },
    get client() {
      return opened(client);
    },
  };
}

function opened<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is no gateway outside of a test');
  return value;
}
