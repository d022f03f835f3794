-- Written by hand. Both extensions are trusted: the owner of a database may create them without being superuser.
create extension if not exists pg_trgm;

-- unaccent is missing on some small installations; search then folds accents by itself.
do $$
begin
  if exists (select from pg_available_extensions where name = 'unaccent') then
    create extension if not exists unaccent;
  end if;
end
$$;
