-- Written by hand: the generator knows no triggers. They note in "noted_changes" what the past sales of a product and the orders for it
-- follow from ("sales", by product), and what market days there are ("market"), once per statement and thing.
create function note_sales() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id) select distinct 'sales', product_id from moved;
  return null;
end
$$;
create function note_sales_moved() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id)
  select 'sales', product_id from gone union select 'sales', product_id from moved;
  return null;
end
$$;
-- Most changes of an order, as that it is packed or collected, leave what was ordered as it is.
create function note_sales_of_orders() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id)
  select distinct 'sales', l.product_id
  from moved m join gone g on g.id = m.id join order_lines l on l.order_id = m.id
  where m.order_window_id is distinct from g.order_window_id or m.placed_at <> g.placed_at
    or (m.status = 'cancelled') <> (g.status = 'cancelled');
  return null;
end
$$;
create function note_markets() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id) select 'market', id from moved;
  return null;
end
$$;
create function note_of_market() returns trigger language plpgsql as $$
begin
  insert into noted_changes (kind, thing_id) select distinct 'market', market_id from moved;
  return null;
end
$$;

do $$
declare
  item record;
begin
  for item in
    select * from (values
      ('order_lines', 'note_sales', 'note_sales_moved'),
      ('stall_sales', 'note_sales', 'note_sales_moved'),
      ('stock_entries', 'note_sales', 'note_sales_moved'),
      ('orders', null, 'note_sales_of_orders'),
      ('markets', 'note_markets', null),
      ('order_windows', 'note_of_market', null)
    ) as noted (name, note, note_moved)
  loop
    if item.note is not null then
      execute format(
        'create trigger note_sales_new after insert on %I referencing new table as moved '
        'for each statement execute function %I()', item.name, item.note);
      execute format(
        'create trigger note_sales_gone after delete on %I referencing old table as moved '
        'for each statement execute function %I()', item.name, item.note);
    end if;
    if item.note_moved is null then
      execute format(
        'create trigger note_sales_now after update on %I referencing new table as moved '
        'for each statement execute function %I()', item.name, item.note);
    else
      execute format(
        'create trigger note_sales_now after update on %I referencing old table as gone new table as moved '
        'for each statement execute function %I()', item.name, item.note_moved);
    end if;
    execute format(
      'create trigger note_sales_emptied after truncate on %I for each statement execute function note_all()', item.name);
  end loop;
end
$$;
