import { get, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * One GET over real HTTP. With `from` it leaves by another loopback address, so that what a test asks an exchange itself
 * does not use up the budget of the address that the workers use.
 */
export async function httpGet(
  url: string,
  options: { headers?: Record<string, string>; from?: string } = {},
): Promise<HttpAnswer> {
  const { headers = {}, from } = options;
  return await new Promise((resolve, reject) => {
    const request = get(url, { headers, ...(from === undefined ? {} : { localAddress: from }) });
    request.on('error', reject);
    request.on('response', (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      }, reject);
    });
  });
}
