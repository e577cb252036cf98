import { UnsupportedServer } from './postgres-errors';
import { assertSupported } from './server-version';

describe('the oldest supported server', () => {
  it.each([
    [140000, '14.0'],
    [150018, '15.18'],
    [180004, '18.4'],
  ])('accepts %i', (number, text) => {
    expect(() => {
      assertSupported(number, text);
    }).not.toThrow();
  });

  it.each([
    [130023, '13.23'],
    [90624, '9.6.24'],
  ])('refuses %i and says what to do', (number, text) => {
    expect(() => {
      assertSupported(number, text);
    }).toThrow(
      new UnsupportedServer(
        `PostgreSQL ${text} is too old: 14 or newer is needed. Upgrade the server, or point DATABASE_URL at a newer one`,
      ),
    );
  });
});
