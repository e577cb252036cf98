import {
  Controller,
  Get,
  Module,
  PayloadTooLargeException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogRecorder } from '../../../test/support/log-recorder';
import { UpbitErrorFilter } from './upbit-error.filter';

const NOT_READY = { status: 'unavailable', reasons: ['postgres is away'] };

@Controller()
class FailingController {
  @Get('health/ready')
  ready(): never {
    throw new ServiceUnavailableException(NOT_READY);
  }

  @Get('v1/large')
  large(): never {
    throw new PayloadTooLargeException();
  }

  @Get('v1/away')
  away(): never {
    throw new Error('connection refused to 10.0.0.7');
  }
}

@Module({ controllers: [FailingController] })
class FailingModule {}

describe('an error outside our own API', () => {
  const log = new LogRecorder();
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(FailingModule, new FastifyAdapter(), {
      logger: false,
    });
    app.useGlobalFilters(new UpbitErrorFilter(log));
    await app.init();
  });
  afterAll(() => app.close());

  const ask = async (url: string) => {
    const { statusCode, body } = await app.inject({ url });
    return [statusCode, JSON.parse(body)] as const;
  };

  it('is the answer itself where it was thrown as one', async () => {
    expect(await ask('/health/ready')).toEqual([503, NOT_READY]);
  });

  it('is in the exchange’s form where the framework raised it', async () => {
    const message = 'The body is too long: 1 MB at most.';
    expect(await ask('/v1/large')).toEqual([413, { error: { name: 413, message } }]);
  });

  it('tells the log and not the caller what nobody raised on purpose', async () => {
    const error = 'a part that this answer needs is away; see /health/ready';
    expect(await ask('/v1/away')).toEqual([503, { error }]);
    expect(log.lines).toMatchObject([{ level: 'error', message: 'a request failed' }]);
  });
});
