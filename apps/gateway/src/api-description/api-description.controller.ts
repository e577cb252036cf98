import { Controller, Get } from '@nestjs/common';
import { describeApi } from './api-document';
import { describedRoutes } from './described-routes';

/** `GET /api/openapi.json`: this API, for tools. */
@Controller('api')
export class ApiDescriptionController {
  private readonly document = describeApi(describedRoutes);

  @Get('openapi.json')
  describe() {
    return this.document;
  }
}
