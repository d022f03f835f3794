import type { DatabaseHandle } from "../open.ts";

/** From here on the rows that were deleted cost every later scan more than new files do; nothing cleans an embedded database. */
const largeBytes = 1_048_576;

/**
 * Empties every table that was written to and restarts every sequence that was used. A table whose file is empty has never
 * had a row, and asking for that is a tenth of asking for its rows. Deleting without triggers takes a few milliseconds where
 * `truncate` of all tables, with its new files for each, takes hundreds.
 */
function script(truncatesLarge: boolean): string {
  return `
do $$
declare
  item record;
  is_used boolean;
begin
  perform set_config('session_replication_role', 'replica', true);
  for item in
    select oid::regclass as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'almanac_migrations'
      and pg_relation_size(oid) > 0
  loop
    if ${truncatesLarge} and pg_relation_size(item.name) > ${largeBytes} then
      execute 'truncate ' || item.name || ' cascade';
    else
      execute 'select exists (select from ' || item.name || ')' into is_used;
      if is_used then execute 'delete from ' || item.name; end if;
    end if;
  end loop;
  for item in
    select format('%I.%I', schemaname, sequencename) as name, start_value from pg_sequences
    where schemaname = 'public' and last_value is not null
  loop
    perform setval(item.name::regclass, item.start_value, false);
  end loop;
end
$$`;
}

/** Puts a test database back to how the migrations left it: no rows, sequences at their start. */
export async function resetData(handle: DatabaseHandle): Promise<void> {
  // On a server others may be reading still, and whoever truncates waits for them.
  await handle.client.exec(script(handle.driver === "pglite"));
}
