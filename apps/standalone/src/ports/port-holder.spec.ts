import { listeningInodes } from './port-holder';

// 0BB8 is 3000; state 0A listens, 01 is a connection.
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41001 1 0
   1: 0100007F:0BB8 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 41002 1 0
   2: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 41003 1 0
`;

describe('the table of sockets', () => {
  it('gives the sockets that listen on a port, and neither connections nor other ports', () => {
    expect(listeningInodes(table, 3000)).toEqual(['41001']);
  });

  it('gives none for a port where nobody listens', () => {
    expect(listeningInodes(table, 4000)).toEqual([]);
    expect(listeningInodes('', 3000)).toEqual([]);
  });
});
