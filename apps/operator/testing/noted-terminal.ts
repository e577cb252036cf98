import type { Answer, Terminal } from '../src/terminal';

/** A terminal that notes what is said and shown, with a person who always says the same. */
export class NotedTerminal implements Terminal {
  readonly said: string[] = [];
  readonly shown: string[] = [];
  readonly questions: string[] = [];

  constructor(private readonly answer: Answer = { kind: 'nobody' }) {}

  say(line: string): void {
    this.said.push(line);
  }

  show(line: string): void {
    this.shown.push(line);
  }

  ask(question: string): Promise<Answer> {
    this.questions.push(question);
    return Promise.resolve(this.answer);
  }
}
