import { fail, ok, warn } from './finding';
import { jsonOf, tableOf } from './report';

describe('the report', () => {
  it('says in columns what was seen, and beneath it what to do', () => {
    const findings = [
      ok('Node.js', '20.20.2'),
      warn('REDIS_URL persistence', 'none', 'set appendonly'),
      fail('gateway', 'not ready', 'mend it'),
    ];
    expect(tableOf(findings).split('\n')).toEqual([
      '',
      '  ok    Node.js                20.20.2',
      '  warn  REDIS_URL persistence  none',
      '                               → set appendonly',
      '  FAIL  gateway                not ready',
      '                               → mend it',
      '',
      '1 to mend first (FAIL), 1 to look at (warn); lines with → say what to do.',
    ]);
  });

  it('says so when all is well', () => {
    expect(tableOf([ok('Node.js', '20.20.2')])).toContain('All is well.');
  });

  it('is one object for programs, with the most serious state of all', () => {
    const findings = [ok('a', 'b'), warn('c', 'd', 'e')];
    expect(JSON.parse(jsonOf(findings))).toEqual({ state: 'warn', findings });
  });

  it('shows no password, whoever let one through', () => {
    const findings = [fail('REDIS_URL', 'connect redis://:sesame@127.0.0.1:1', 'start it')];
    expect(`${tableOf(findings)}${jsonOf(findings)}`).not.toContain('sesame');
  });
});
