import { findUser } from './server-user';

const passwd = [
  'root:x:0:0:root:/root:/bin/bash',
  'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash',
  'broken-line',
].join('\n');

describe('a user in /etc/passwd', () => {
  it('is found with both ids', () => {
    expect(findUser(passwd, 'postgres')).toEqual({ uid: 101, gid: 104 });
  });

  it('is unknown when there is no such line, or a broken one', () => {
    expect(findUser(passwd, 'nobody')).toBeUndefined();
    expect(findUser(passwd, 'broken-line')).toBeUndefined();
  });

  it('is never root', () => {
    expect(findUser(passwd, 'root')).toBeUndefined();
  });
});
