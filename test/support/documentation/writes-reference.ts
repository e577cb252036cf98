/** Whether the tables are to be written anew instead of compared: `npm run reference`. */
export function writesReference(): boolean {
  return process.env.WRITE_REFERENCE === 'yes';
}
