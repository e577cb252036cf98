import path from 'node:path';
import { checkHouse } from './check-house';
import { findingText } from './finding';
import { HOUSE, reachableFrom } from './rooms';
import { readSourceTree } from './source-tree';

describe('the real tree', () => {
  it('keeps every house rule', () => {
    const root = path.resolve(__dirname, '..', '..');
    expect(checkHouse(readSourceTree(root)).map(findingText)).toEqual([]);
  });
});

describe('the table of rooms', () => {
  const rooms = Object.entries(HOUSE.rooms);

  it('lets no room look upstairs, and sideways only at telemetry', () => {
    const looks = rooms.flatMap(([name, { floor, mayImport }]) =>
      mayImport.map((other) => ({ name, floor, other })),
    );
    const notDown = looks.filter(
      ({ floor, other }) => (HOUSE.rooms[other]?.floor ?? Infinity) >= floor,
    );
    expect(new Set(notDown.map(({ other }) => other))).toEqual(new Set(['telemetry']));
  });

  it('has no ring', () => {
    for (const [name, { mayImport }] of rooms) {
      const reached = mayImport.flatMap((other) => [...reachableFrom(other, HOUSE)]);
      expect(reached).not.toContain(name);
    }
  });

  it('names only rooms that it knows', () => {
    const named = [
      ...rooms.flatMap(([, { mayImport }]) => mayImport),
      ...Object.values(HOUSE.apps).flatMap(({ only = [], never = [] }) => [...only, ...never]),
    ];
    expect(named.filter((name) => !(name in HOUSE.rooms))).toEqual([]);
  });
});
