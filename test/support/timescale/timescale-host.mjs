/**
 * A PostgreSQL with TimescaleDB in this process' memory, behind a loopback port, for one connection at a time. In a process of its own,
 * because jest's compiler must not touch it. Sends `{ url }` when it is ready and ends with its parent.
 */
import { PGlite } from '@electric-sql/pglite';
import { timescaledb } from '@electric-sql/pglite/timescaledb';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const database = await PGlite.create({ extensions: { timescaledb } });
const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0 });
await server.start();

process.on('disconnect', () => process.exit(0));
process.send({ url: `postgres://postgres@${server.getServerConn()}/postgres` });
