// One position with seven rules asks just after each boundary: 4 × 15m, 2 × 5m, 1 × 1m, 2,400 questions a day.
const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1_440;

const RULES = [
  ...Array(4).fill({ unit: 15, count: 60 }),
  ...Array(2).fill({ unit: 5, count: 20 }),
  { unit: 1, count: 10 },
];

/** What the rules of a market ask at the end of a minute (of the epoch): their windows end there, and slide with it. */
export function questionsAt(minute, market) {
  const to = new Date(minute * MINUTE_MS).toISOString().slice(0, 19);
  return RULES.filter(({ unit }) => minute % unit === 0).map(
    ({ unit, count }) => `/v1/candles/minutes/${unit}?market=${market}&count=${count}&to=${to}`,
  );
}

/** How many questions a day has, and how many different URLs: what a cache by URL has to ask for, however long it keeps them. */
export function wholeDay() {
  const questions = Array.from({ length: DAY_MINUTES }, (_, minute) => questionsAt(minute, 'M'));
  const all = questions.flat();
  return { questions: all.length, urls: new Set(all).size };
}
