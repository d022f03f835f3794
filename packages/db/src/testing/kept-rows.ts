import type { DatabaseHandle } from "../open.ts";

/** Name of the table that keeps what the sequences had come to; no table of the schema is called so. */
const sequences = "kept_sequences";

/** Copies every row that there is into a schema of its own, and what the sequences have come to. */
export async function keepRows({ client }: DatabaseHandle, schema: string): Promise<void> {
  await client.exec(`
do $$
declare
  item record;
  is_used boolean;
begin
  create schema ${schema};
  create table ${schema}.${sequences} as
    select format('%I.%I', schemaname, sequencename) as name, last_value from pg_sequences
    where schemaname = 'public' and last_value is not null;
  for item in
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'almanac_migrations'
      and pg_relation_size(oid) > 0
  loop
    execute format('select exists (select from public.%I)', item.relname) into is_used;
    if is_used then
      execute format('create table ${schema}.%I as table public.%1$I', item.relname);
    end if;
  end loop;
end
$$`);
}

/** Puts the kept rows into the tables, which are empty. No trigger runs: what it would write is among them. */
export async function putBackRows({ client }: DatabaseHandle, schema: string): Promise<void> {
  await client.exec(`
do $$
declare
  item record;
begin
  perform set_config('session_replication_role', 'replica', true);
  for item in
    select relname from pg_class
    where relnamespace = '${schema}'::regnamespace and relkind = 'r' and relname <> '${sequences}'
  loop
    execute format('insert into public.%I select * from ${schema}.%1$I', item.relname);
  end loop;
  perform setval(name::regclass, last_value) from ${schema}.${sequences};
end
$$`);
}

export async function dropKeptRows({ client }: DatabaseHandle, schema: string): Promise<void> {
  await client.exec(`drop schema ${schema} cascade`);
}
