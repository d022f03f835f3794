-- Written by hand. What was noted of statements that failed had the values that they were given, which can be a person's.
update jobs set last_error = regexp_replace(last_error, 'params: .*$', '') where last_error like '%params: %';
update outbox set last_error = regexp_replace(last_error, 'params: .*$', '') where last_error like '%params: %';
