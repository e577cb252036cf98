import { Controller, Get } from '@nestjs/common';
import { LearnedPatterns } from './learned-patterns';
import { patternsBody } from './patterns-body';

/** `GET /api/patterns`: what was learned of the callers' habits. */
@Controller('api')
export class PatternsController {
  constructor(private readonly learned: LearnedPatterns) {}

  @Get('patterns')
  async patterns() {
    return patternsBody(await this.learned.read());
  }
}
