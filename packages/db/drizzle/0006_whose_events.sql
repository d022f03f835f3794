-- Written by hand: the generator knows no functions. Whose what a shopper does is: their own, or the account's into which they were
-- merged; nobody's where nothing may be kept. Until the transaction ends nobody changes that, and whoever is changing it is waited for:
-- the lock is that of `packages/events/src/whose-events.ts`. A statement that calls this saw its own rows before it waited; what is read
-- in here is read afterwards.
create function whose_events(asked uuid) returns uuid language plpgsql volatile strict as $$
declare
  owner uuid;
begin
  perform pg_advisory_xact_lock_shared(1702258030, ('x' || right(asked::text, 2))::bit(8)::int);
  select o.id into owner
  from shoppers s join shoppers o on o.id = coalesce(s.merged_into_id, s.id)
  where s.id = asked and o.tracking_consent <> 'denied' and o.erased_at is null;
  return owner;
end
$$;
