/** Addresses of the servers that `npm test` brings up. A missing one fails the test that needs it. */
export function redisUrl(): string {
  return addressFrom('TEST_REDIS_URL');
}

export function redisCacheUrl(): string {
  return addressFrom('TEST_REDIS_CACHE_URL');
}

export function databaseUrl(): string {
  return addressFrom('TEST_DATABASE_URL');
}

function addressFrom(variable: string): string {
  const address = process.env[variable];
  if (address === undefined || address === '') {
    throw new Error(
      `${variable} is not set: run the tests with \`npm test\`, which starts the servers`,
    );
  }
  return address;
}
