/** One instruction of a Dockerfile, its continuation lines joined. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** From one `FROM` to the next. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Splits a Dockerfile into its stages. Knows comments and continuation lines, not here-documents. */
export function readStages(text: string): Stage[] {
  const lines = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    const [base = '', , name = ''] = rest;
    if (word === 'FROM') stages.push({ name, base, instructions: [] });
    else stages.at(-1)?.instructions.push({ word, rest: rest.join(' ') });
  }
  return stages;
}

/** What the stage takes out of the build context (not out of other stages). */
export function copiedFromContext({ instructions }: Stage): string[] {
  return instructions
    .filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--from='))
    .flatMap(({ rest }) => rest.split(' ').slice(0, -1));
}
