-- least_code: 0001
-- No release has changed or removed what is recorded, so those before this one may go on.

-- Log and commands are only added to. `infra/log/guard.py` knows these names, and looks whether they are at work.
create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'ledger.% is only added to: % is refused', tg_table_name, lower(tg_op)
        using errcode = 'insufficient_privilege';
end $$;

-- Once for a statement, whatever it touches, and never for one that adds. `always`: for a session as well that has set
-- session_replication_role.
create trigger only_added_to before update or delete or truncate on ledger.log
for each statement execute function ledger.refuse_change();
alter table ledger.log enable always trigger only_added_to;

create trigger only_added_to before update or delete or truncate on ledger.commands
for each statement execute function ledger.refuse_change();
alter table ledger.commands enable always trigger only_added_to;
