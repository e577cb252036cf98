import { parseQuestion, type UsageQuestion } from '../usage-question';

/** Text of the question about `subject` by `caller`. */
export function textOf(caller: string, subject: string): string {
  return `${caller} ${subject}`;
}

/** Undefined for a text that is no question. */
export function findQuestion(text: string): UsageQuestion | undefined {
  try {
    return parseQuestion(text);
  } catch {
    return undefined;
  }
}
