import { Controller, Get } from '@nestjs/common';
import { budgetBody } from './budget-body';
import { ExchangeBudgets } from './exchange-budgets';

/** `GET /api/exchange/budget`: whether the exchange is asked, how fast, and who waits. */
@Controller('api/exchange')
export class BudgetController {
  constructor(private readonly budgets: ExchangeBudgets) {}

  @Get('budget')
  async budget() {
    return budgetBody(await this.budgets.read());
  }
}
