import type { Finding } from './finding';
import { homeOf, type Place, placeOf, resolveRelative } from './place';
import type { ImportFact } from './read-imports';
import type { App, House } from './rooms';

/** The name under which a room is imported, `@candlekeep/<room>`, with whatever follows it. */
const ROOM_IMPORT = /^@candlekeep\/([^/]+)(\/.*)?$/;

/** Judges one import of a file: past a door, upstairs, sideways, out of its room, a package or Nest in the wrong place. */
export function judgeImport(file: string, fact: ImportFact, house: House): Finding[] {
  const place = placeOf(file);
  const found = (rule: Finding['rule'], message: string): Finding[] => [
    { file, line: fact.line, rule, message },
  ];
  const [, room, deeper] = ROOM_IMPORT.exec(fact.specifier) ?? [];
  if (deeper !== undefined) {
    return found(
      'door',
      `"${fact.specifier}" goes past a door: import "@candlekeep/${room ?? ''}"`,
    );
  }
  if (room !== undefined) {
    const objection = objectionToRoom(place, room, house);
    return objection === undefined ? [] : found('floors', objection);
  }
  if (fact.specifier.startsWith('.')) {
    const objection = objectionToPath(file, fact.specifier, house);
    return objection === undefined ? [] : found('door', objection);
  }
  if (fact.specifier.startsWith('@nestjs/') && !mayUseNest(file, place)) {
    return found('nest', 'Nest belongs in *.module.ts files and apps: keep this class plain');
  }
  const kept = house.kept.find(({ names }) => fact.specifier.startsWith(names));
  if (kept !== undefined && !file.startsWith(kept.folder)) {
    return found('door', `"${fact.specifier}" is kept in ${kept.folder}: ${kept.instead}`);
  }
  return bypassed(place, fact.specifier, house).flatMap((message) => found('floors', message));
}

function objectionToRoom(place: Place, room: string, house: House): string | undefined {
  if (house.rooms[room] === undefined) {
    return `there is no room "${room}": choose one of ${Object.keys(house.rooms).join(', ')}`;
  }
  // Examples of a published room use it as its users do.
  if (place.isScript && place.owner === room) return undefined;
  if (place.kind === 'lib') return objectionOfRoom(place.owner, room, house);
  const app = house.apps[place.owner];
  return place.kind === 'app' && app !== undefined
    ? objectionOfApp(place.owner, app, room)
    : undefined;
}

function objectionOfRoom(owner: string, room: string, { rooms }: House): string | undefined {
  if (owner === room) return `"${room}" imports its own door: use a relative path inside a room`;
  const own = rooms[owner];
  if (own === undefined || own.mayImport.includes(room)) return undefined;
  const allowed = own.mayImport.length === 0 ? 'no room' : own.mayImport.join(', ');
  return `"${owner}" (floor ${own.floor}) may not look at "${room}" (floor ${rooms[room]?.floor ?? '?'}): it may import ${allowed}; let the caller pass in what is needed`;
}

function objectionOfApp(name: string, app: App, room: string): string | undefined {
  if (app.only !== undefined && !app.only.includes(room)) {
    return `app "${name}" may import ${app.only.join(', ')} only, not "${room}"`;
  }
  if (app.never?.includes(room) !== true) return undefined;
  return `app "${name}" must never look at "${room}": another process does that work, ask it over the wire`;
}

function objectionToPath(file: string, specifier: string, { apps }: House): string | undefined {
  const place = placeOf(file);
  const target = resolveRelative(file, specifier);
  if (target === homeOf(file) || target.startsWith(`${homeOf(file)}/`)) return undefined;
  if (place.kind === 'app' && apps[place.owner]?.files?.includes(target) === true) return undefined;
  // The project's own manifest, for its version.
  if (target === 'package.json') return undefined;
  if (place.isSpec && target.startsWith('test/support/')) return undefined;
  // Benchmarks measure the product as it is built.
  if (file.startsWith('bench/') && target.startsWith('dist/')) return undefined;
  if (place.kind === 'test' && !target.startsWith('libs/')) return undefined;
  return `"${specifier}" leaves ${homeOf(file)}: import the other room through "@candlekeep/<room>"`;
}

function mayUseNest(file: string, place: Place): boolean {
  return place.kind !== 'lib' || file.endsWith('.module.ts');
}

function bypassed(place: Place, specifier: string, { apps }: House): string[] {
  if (place.kind !== 'app') return [];
  const never = apps[place.owner]?.neverPackages ?? [];
  return never
    .filter((name) => specifier === name || specifier.startsWith(`${name}/`))
    .map((name) => `app "${place.owner}" must not talk to "${name}" itself: ask the gateway`);
}
