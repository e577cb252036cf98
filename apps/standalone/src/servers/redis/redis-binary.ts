/** A Redis (or Valkey) server program, and the folders of libraries that the system itself does not have. */
export interface RedisBinary {
  readonly file: string;
  readonly libraryFolders: readonly string[];
}
