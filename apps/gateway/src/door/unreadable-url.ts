import { refusalReply, type RefusalReply } from './refusal-reply';

/** The 400 for a URL that no route could be looked up for. */
export function unreadableUrl(url: string): RefusalReply {
  const reason = isDecodable(url)
    ? 'A part of the path is longer than 100 characters.'
    : 'The path has a broken % escape.';
  return refusalReply(url, 400, reason);
}

function isDecodable(url: string): boolean {
  const [path = ''] = url.split('?');
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}
