-- Written by hand: the generator knows no triggers. They note in "noted_changes" whose rows a statement touched, once per statement
-- and thing. "moved" are the rows as they are now, and in a second trigger, where the thing of a row may become another, as they were.
create function note_products() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id) select 'product', id from moved;
  return null;
end
$$;
create function note_of_product() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id) select distinct 'product', product_id from moved;
  return null;
end
$$;
create function note_shoppers() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id) select 'shopper', id from moved;
  return null;
end
$$;
create function note_of_shopper() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id) select distinct 'shopper', shopper_id from moved;
  return null;
end
$$;
create function note_of_cart() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id)
  select distinct 'shopper', c.shopper_id from moved m join carts c on c.id = m.cart_id;
  return null;
end
$$;
-- What is seen of recommendations says nothing of a taste, and would be noted with nearly every page.
create function note_of_actor() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id)
  select distinct 'shopper', shopper_id from moved
  where shopper_id is not null and action not in ('VIEW_RECOMMENDATIONS', 'CLICK_RECOMMENDATION');
  return null;
end
$$;
-- Counts of what a shopper did move with each of their events; of a taste only what is hidden is remembered.
create function note_hidden() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id)
  select 'shopper', m.shopper_id from moved m join gone g on g.shopper_id = m.shopper_id
  where m.hidden is distinct from g.hidden;
  return null;
end
$$;
create function note_all() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind) values ('all');
  return null;
end
$$;

do $$
declare
  item record;
begin
  for item in
    select * from (values
      ('products', 'note_products', false),
      ('variants', 'note_of_product', false),
      ('stock_levels', 'note_of_product', false),
      ('shoppers', 'note_shoppers', false),
      ('carts', 'note_of_shopper', true),
      ('cart_lines', 'note_of_cart', true),
      ('wishes', 'note_of_shopper', true),
      ('farm_follows', 'note_of_shopper', true),
      ('hidden_recommendations', 'note_of_shopper', true),
      ('orders', 'note_of_shopper', true),
      ('action_events', 'note_of_actor', true),
      ('taste_profiles', 'note_of_shopper', null)
    ) as noted (name, note, may_change_hands)
  loop
    execute format(
      'create trigger note_new after insert on %I referencing new table as moved for each statement execute function %I()',
      item.name, item.note);
    execute format(
      'create trigger note_gone after delete on %I referencing old table as moved for each statement execute function %I()',
      item.name, item.note);
    execute format(
      'create trigger note_emptied after truncate on %I for each statement execute function note_all()', item.name);
    if item.may_change_hands is null then
      execute format(
        'create trigger note_now after update on %I referencing old table as gone new table as moved '
        'for each statement execute function note_hidden()', item.name);
    else
      execute format(
        'create trigger note_now after update on %I referencing new table as moved for each statement execute function %I()',
        item.name, item.note);
    end if;
    if item.may_change_hands then
      execute format(
        'create trigger note_before after update on %I referencing old table as moved '
        'for each statement execute function %I()', item.name, item.note);
    end if;
  end loop;
end
$$;
