/** One command as a person would paste it: several lines where quotes or a backslash carry on. */
export interface ShellCommand {
  readonly text: string;
  /** Line of the block at which it begins, from 0. */
  readonly line: number;
}

/** Commands of a shell block, without what stands behind `#` outside of quotes. */
export function shellCommands(block: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let pending: string[] = [];
  block.split('\n').forEach((line, index) => {
    const whole = [...pending, line].join('\n');
    const { isOpen, code } = readLine(whole);
    pending = isOpen ? [...pending, line] : [];
    if (isOpen || code.trim() === '') return;
    commands.push({ text: code.trim(), line: index - whole.split('\n').length + 1 });
  });
  if (pending.length > 0) throw new Error(`a quote is left open: ${pending.join('\n')}`);
  return commands;
}

/** Whether a quote or a backslash at the end carries on to the next line, and the text without its comments. */
function readLine(text: string): { readonly isOpen: boolean; readonly code: string } {
  let quote = '';
  let code = '';
  let isComment = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (letter === '\n') isComment = false;
    if (quote === '' && letter === '#' && /^$|\s/.test(text.charAt(index - 1))) isComment = true;
    if (isComment) continue;
    code += letter;
    if (letter !== "'" && letter !== '"') continue;
    if (quote === '') quote = letter;
    else if (quote === letter) quote = '';
  }
  return { isOpen: quote !== '' || code.endsWith('\\'), code };
}
