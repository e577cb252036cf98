import { CALLER_CLASSES, type CallerClass } from '@candlekeep/market';
import { UpbitRefusal } from './upbit-refusal';

/** The request header in which a caller says what it is, as Node.js spells it. */
export const CLASS_HEADER = 'x-candlekeep-class';

const SHOWN_CHARACTERS = 40;

/** Reads {@link CLASS_HEADER}: whoever says nothing is a bot, the most urgent. Refuses any other word, with the words that there are. */
export function parseCallerClass(header: string | readonly string[] | undefined): CallerClass {
  if (header === undefined) return 'bot';
  const given = String(header);
  const found = CALLER_CLASSES.find((name) => name === given.trim().toLowerCase());
  if (found !== undefined) return found;
  const shown = JSON.stringify(given.slice(0, SHOWN_CHARACTERS));
  throw new UpbitRefusal(
    400,
    `X-Candlekeep-Class is ${shown}: expected one of ${CALLER_CLASSES.join(', ')}, or no such header, which means bot.`,
  );
}
