import type { Prediction } from '@candlekeep/usage';
import type { Expected } from './ask';

/** What usage predicts, as something that is expected. */
export function expectedOf({ reason, ...prediction }: Prediction): Expected {
  return { ...prediction, source: reason.kind, why: whyOf(prediction.caller, reason) };
}

function whyOf(caller: string, reason: Prediction['reason']): string {
  switch (reason.kind) {
    case 'habit':
      return `${caller} asks each ${durationText(reason.everyMs)}`;
    case 'pace':
      return `${caller} asks about every ${durationText(reason.everyMs)}`;
    case 'sequence':
      return `${caller} asks it after ${reason.after}`;
  }
}

function durationText(ms: number): string {
  const [minutes, seconds] = [ms / 60_000, ms / 1_000];
  if (minutes >= 1_440) return `${round(minutes / 1_440)} d`;
  if (minutes >= 60) return `${round(minutes / 60)} h`;
  return minutes >= 1 ? `${round(minutes)} min` : `${round(seconds)} s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
