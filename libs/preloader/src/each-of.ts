/** Works through the items, so many at once; a failure stops what has not begun, and is thrown at the end. */
export async function eachOf<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  let failure: { readonly error: unknown } | undefined;
  const hand = async (): Promise<void> => {
    for (const item of left) {
      if (failure !== undefined) return;
      await work(item).catch((error: unknown) => (failure ??= { error }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  if (failure !== undefined) throw failure.error;
}
