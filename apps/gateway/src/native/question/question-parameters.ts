import { badRequest } from '../../api/api-refusal';
import { acceptedFormat } from '../forms/body-forms';
import type { NativeQuestion } from './native-question';
import { parseQuestion } from './question-schema';
import { repeatedParameters } from './url-parameters';

/** Reads a question out of a URL's query and `Accept`. Throws an `ApiRefusal` that names all that is wrong. */
export function readQuestion(
  parameters: URLSearchParams,
  accept: string | undefined,
): NativeQuestion {
  const repeated = repeatedParameters(parameters);
  const given = Object.fromEntries(
    [...parameters].map(([name, text]) => [name, valueOf(name, text)] as const),
  );
  const parsed = parseQuestion({ format: acceptedFormat(accept), ...given });
  if (parsed.kind === 'refused') throw badRequest([...repeated, ...parsed.errors]);
  if (repeated.length > 0) throw badRequest(repeated);
  return parsed.question;
}

/** The value that a text means; where it means none, one that is refused. */
function valueOf(name: string, text: string): unknown {
  switch (name) {
    case 'count':
      return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    case 'closed':
      return text === 'true' || (text === 'false' ? false : text);
    case 'columns':
      return text.split(',');
    default:
      return text;
  }
}
