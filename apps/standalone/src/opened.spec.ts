import { Opened } from './opened';

describe('Opened', () => {
  it('closes in reverse order of opening, each once', async () => {
    const closed: string[] = [];
    const opened = openedOf(['postgres', 'redis', 'gateway'], closed);

    await opened.closeAll();
    await opened.closeAll();

    expect(closed).toEqual(['gateway', 'redis', 'postgres']);
  });

  it('closes the others when one fails, and then tells the failure', async () => {
    const closed: string[] = [];
    const opened = openedOf(['postgres'], closed);
    opened.add(() => Promise.reject(new Error('redis does not stop')));

    await expect(opened.closeAll()).rejects.toThrow('redis does not stop');

    expect(closed).toEqual(['postgres']);
  });
});

function openedOf(names: readonly string[], closed: string[]): Opened {
  const opened = new Opened();
  for (const name of names) {
    opened.add(() => {
      closed.push(name);
      return Promise.resolve();
    });
  }
  return opened;
}
