import { parsePostmasterFile } from './postgres-cluster';

describe('the text of postmaster.pid', () => {
  it('gives the process and the port', () => {
    const text = '4242\n/data\n1790000000\n5433\n\n127.0.0.1\n  5433 12\nready   \n';

    expect(parsePostmasterFile(text)).toEqual({ pid: 4242, port: 5433 });
  });

  it.each(['', '4242\n', '4242\n/data\n1790000000\n', 'nonsense\n\n\n5433\n'])(
    'gives nothing when it is not whole: %j',
    (text) => {
      expect(parsePostmasterFile(text)).toBeUndefined();
    },
  );
});
