import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { migrate } from "../migrate.ts";
import { openDatabase } from "../open.ts";
import { templateKey } from "./embedded-template.ts";

export interface ServerDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** Creates a migrated, empty database of its own on the given server, copied from a template made once per schema. */
export async function createServerDatabase(serverUrl: string): Promise<ServerDatabase> {
  const template = `almanac_template_${await templateKey()}`;
  const name = `almanac_test_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  try {
    await withLock(admin, async () => {
      await ensureTemplate(admin, serverUrl, template);
      await admin.unsafe(`create database ${name} template ${template}`);
    });
  } finally {
    await admin.end();
  }
  return { url: urlOf(serverUrl, name), drop: () => dropDatabase(serverUrl, name) };
}

/** Creates a database without any table, for tests of what happens before the first migration. */
export async function createEmptyServerDatabase(serverUrl: string): Promise<ServerDatabase> {
  const name = `almanac_test_${randomUUID().replaceAll("-", "")}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`create database ${name}`);
  } finally {
    await admin.end();
  }
  return { url: urlOf(serverUrl, name), drop: () => dropDatabase(serverUrl, name) };
}

/** A database cannot be copied while somebody is connected to it, so makers and copiers take turns. */
async function withLock(admin: postgres.Sql, work: () => Promise<void>): Promise<void> {
  await admin`select pg_advisory_lock(7204519834)`;
  try {
    await work();
  } finally {
    await admin`select pg_advisory_unlock(7204519834)`;
  }
}

async function ensureTemplate(admin: postgres.Sql, serverUrl: string, template: string): Promise<void> {
  const [known] = await admin`select from pg_database where datname = ${template}`;
  if (known) return;
  const draft = `${template}_draft`;
  await admin.unsafe(`drop database if exists ${draft} with (force)`);
  await admin.unsafe(`create database ${draft}`);
  const handle = await openDatabase({ url: urlOf(serverUrl, draft), pool: { maxConnections: 1 } });
  try {
    await migrate(handle);
  } finally {
    await handle.close();
  }
  await admin.unsafe(`alter database ${draft} rename to ${template}`);
}

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`drop database if exists ${name} with (force)`);
  } finally {
    await admin.end();
  }
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
