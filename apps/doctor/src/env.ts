/** Environment variables by their names. */
export type Variables = Readonly<Record<string, string>>;

/** The environment as it would be handed to Candlekeep's processes; a variable that is set to nothing counts as not set. */
export function readEnvironment(): Variables {
  return givenIn(process.env);
}

/** Those that are set to something. */
function givenIn(variables: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value]],
    ),
  );
}
