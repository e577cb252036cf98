import { CommandRefused } from '@candlekeep/command-line';
import { parseCommand } from './command-line';

describe('the command line of keys', () => {
  it.each([
    [['create', '--name', 'bots'], { kind: 'create', wish: { name: 'bots', scope: 'read' } }],
    [
      ['create', '--name=me', '--scope', 'admin', '--rows-per-minute', '500'],
      { kind: 'create', wish: { name: 'me', scope: 'admin', rowsPerMinute: 500 } },
    ],
    [['list'], { kind: 'list' }],
    [['revoke', 'abcd2345'], { kind: 'revoke', id: 'abcd2345' }],
    [[], { kind: 'help' }],
    [['--help'], { kind: 'help' }],
    [['create', '--help'], { kind: 'help' }],
    [['revoke', '-h'], { kind: 'help' }],
  ])('%j is understood', (args, command) => {
    expect(parseCommand(args)).toEqual(command);
  });

  it.each([
    [['delete'], 'there is no command "delete": choose one of create, list, revoke'],
    [['create'], '--name is missing'],
    [['create', '--name', 'a b'], '--name: expected 1 to 64'],
    [['create', '--name', 'a', '--scope', 'root'], '--scope: expected one of read, admin'],
    [['create', '--name', 'a', '--rows-per-minute', '0'], '--rows-per-minute: expected'],
    [['create', '--name', 'a', '--rows-per-minute', '1e3'], '--rows-per-minute: expected'],
    [
      ['create', '--name', 'a', '--rows-per-minute', '1000000000001'],
      'from 1 to 1,000,000,000,000',
    ],
    [['create', '--nam', 'a'], 'there is no flag --nam; create knows --name'],
    [['list', 'all'], '"all" stands alone'],
    [['revoke'], 'revoke takes the id of one key'],
    [['revoke', 'ck_abcd2345'], 'revoke takes the id of one key'],
    [['revoke', 'abcd2345', 'abcd2346'], 'revoke takes the id of one key'],
  ])('%j is refused, with what would be right', (args, message) => {
    expect(() => parseCommand(args)).toThrow(CommandRefused);
    expect(() => parseCommand(args)).toThrow(message);
  });
});
