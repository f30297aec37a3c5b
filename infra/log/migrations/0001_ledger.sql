create schema ledger;

-- Written by infra/migrations.py, which also says what `least_code` is.
create table ledger.migrations (
    number     integer     primary key,
    name       text        not null,
    sha256     text        not null,
    least_code integer     not null,
    applied_at timestamptz not null default now()
);

create table ledger.log (
    originator_id      text        not null,
    originator_version bigint      not null,
    topic              text        not null,
    state              bytea       not null,
    notification_id    bigint      not null,
    recorded_at        timestamptz not null,
    hash               bytea       not null,
    primary key (originator_id, originator_version)
);
create unique index log_notification_id on ledger.log (notification_id);

-- The log in our own words: all that a projection's SQL may name of this schema. New columns go to the end.
create view ledger.facts as
select notification_id as position, recorded_at, originator_id as stream, originator_version as version,
       topic as name, state, hash, (convert_from(state, 'UTF8')::jsonb ->> 'on')::date as effective_on
from ledger.log;

-- One row, locked by every append until it commits: so positions have no gaps and rise in commit order,
-- and a reader that has seen a position has seen all before it. The key rises with every append, so that the row is
-- found at once though a long query elsewhere keeps thousands of its former versions from being cleared away.
create table ledger.head (
    position    bigint      primary key,
    hash        bytea       not null,
    recorded_at timestamptz not null,
    ledger_id   uuid        not null
);
insert into ledger.head (position, hash, recorded_at, ledger_id)
values (0, decode(repeat('00', 32), 'hex'), 'epoch', gen_random_uuid());

create table ledger.commands (
    id           text        primary key,
    content_hash bytea       not null,
    answer       bytea       not null,
    position     bigint      not null,
    recorded_at  timestamptz not null
);

create table ledger.personal_keys (
    customer     text        primary key,
    wrapped      bytea,
    created_at   timestamptz not null,
    destroyed_at timestamptz
);

create table ledger.positions (
    name       text        primary key,
    position   bigint      not null,
    updated_at timestamptz not null default now()
);

create table ledger.workers (
    instance   text        primary key,
    name       text        not null,
    host       text        not null,
    pid        bigint      not null,
    started_at timestamptz not null,
    beat_at    timestamptz not null,
    state      text        not null,
    message    text        not null,
    position   bigint      not null
);

create table ledger.parked (
    projection text        not null,
    position   bigint      not null,
    stream     text        not null,
    reason     text        not null,
    parked_at  timestamptz not null default now(),
    primary key (projection, position)
);
create index parked_stream on ledger.parked (projection, stream);

-- The same bytes as infra/log/chain.py builds; a test holds the two together. In SQL, so that it becomes a part of the
-- statement that asks for it.
create function ledger.link(
    previous bytea, at_position bigint, at_time timestamptz, stream text, version bigint, topic text, state bytea
) returns bytea language sql stable parallel safe as $$
    select sha256(
        previous || int8send(at_position) || timestamptz_send(at_time) || int8send(version)
        || int4send(octet_length(convert_to(stream, 'UTF8'))) || int4send(octet_length(convert_to(topic, 'UTF8')))
        || convert_to(stream, 'UTF8') || convert_to(topic, 'UTF8') || state
    )
$$;

-- Appends several requests in one commit and answers each with one row, in their order. Request r owns
-- streams[stream_ends[r-1] + 1 .. stream_ends[r]] and its events likewise. Outcomes: `appended`, `known` (a command
-- that was answered before; its first answer is given) and `conflict` (a stream has another version than expected).
create function ledger.append(
    given_at timestamptz,
    command_ids text[], content_hashes bytea[], given_answers bytea[],
    stream_ends bigint[], streams text[], expected bigint[],
    event_ends bigint[], event_streams text[], event_versions bigint[], topics text[], states bytea[]
) returns table (outcome text, at_position bigint, at_time timestamptz, first_content bytea, first_answer bytea)
-- Plans are made while the tables are small and kept while they grow.
language plpgsql set enable_seqscan = off as $$
declare
    old_position bigint;
    new_position bigint;
    new_hash     bytea;
    new_time     timestamptz;
    s            bigint;
    e            bigint;
    is_free      boolean;
    version      bigint;
    known        ledger.commands;
begin
    select h.position, h.position, h.hash, greatest(h.recorded_at, given_at)
    into strict old_position, new_position, new_hash, new_time
    from ledger.head h order by h.position desc limit 1 for update;
    for r in 1..cardinality(command_ids) loop
        known := null;
        if command_ids[r] is not null then
            select * into known from ledger.commands c where c.id = command_ids[r];
        end if;
        is_free := true;
        s := coalesce(stream_ends[r - 1], 0) + 1;
        while is_free and s <= stream_ends[r] loop
            version := 0;
            select l.originator_version into version from ledger.log l
            where l.originator_id = streams[s] order by l.originator_version desc limit 1;
            is_free := coalesce(version, 0) = expected[s];
            s := s + 1;
        end loop;
        if known.id is not null then
            return query select 'known', known.position, known.recorded_at, known.content_hash, known.answer;
        elsif is_free then
            for e in coalesce(event_ends[r - 1], 0) + 1 .. event_ends[r] loop
                new_position := new_position + 1;
                new_hash := ledger.link(
                    new_hash, new_position, new_time, event_streams[e], event_versions[e], topics[e], states[e]);
                insert into ledger.log values (
                    event_streams[e], event_versions[e], topics[e], states[e], new_position, new_time, new_hash);
            end loop;
            if command_ids[r] is not null then
                insert into ledger.commands values (
                    command_ids[r], content_hashes[r], given_answers[r], new_position, new_time);
            end if;
            return query select 'appended', new_position, new_time, null::bytea, null::bytea;
        else
            return query select 'conflict', null::bigint, null::timestamptz, null::bytea, null::bytea;
        end if;
    end loop;
    if new_position > old_position then
        update ledger.head set position = new_position, hash = new_hash, recorded_at = new_time
        where position = old_position;
        perform pg_notify('ledger', new_position::text);
    end if;
end $$;

-- As `append`, for one request that has a command id and events, in fewer steps. Answers nothing, and has done nothing,
-- where the command was answered before or a stream has another version than expected: `append` then says which.
create function ledger.append_one(
    given_at timestamptz, command_id text, content_hash bytea, given_answer bytea,
    streams text[], expected bigint[],
    event_streams text[], event_versions bigint[], topics text[], states bytea[],
    out at_position bigint, out at_time timestamptz
) language plpgsql set enable_seqscan = off as $$
declare
    old_position bigint;
    new_position bigint;
    new_hash     bytea;
    new_time     timestamptz;
    version      bigint;
begin
    select h.position, h.position, h.hash, greatest(h.recorded_at, given_at)
    into strict old_position, new_position, new_hash, new_time
    from ledger.head h order by h.position desc limit 1 for update;
    if exists (select from ledger.commands c where c.id = command_id) then
        return;
    end if;
    for s in 1..cardinality(streams) loop
        version := 0;
        select l.originator_version into version from ledger.log l
        where l.originator_id = streams[s] order by l.originator_version desc limit 1;
        if coalesce(version, 0) <> expected[s] then
            return;
        end if;
    end loop;
    for e in 1..cardinality(states) loop
        new_position := new_position + 1;
        new_hash := ledger.link(
            new_hash, new_position, new_time, event_streams[e], event_versions[e], topics[e], states[e]);
        insert into ledger.log values (
            event_streams[e], event_versions[e], topics[e], states[e], new_position, new_time, new_hash);
    end loop;
    insert into ledger.commands values (command_id, content_hash, given_answer, new_position, new_time);
    update ledger.head set position = new_position, hash = new_hash, recorded_at = new_time
    where position = old_position;
    perform pg_notify('ledger', new_position::text);
    at_position := new_position;
    at_time := new_time;
end $$;

-- What is beyond the given version of each stream, one after the other, and before it the answer to a command, if it
-- was answered before, in a row of its own without a stream. A function, since planning the query it stands for costs
-- more than running it.
create function ledger.read(command_id text, streams text[], versions bigint[]) returns table (
    stream text, version bigint, topic text, state bytea,
    at_position bigint, at_time timestamptz, first_content bytea, first_answer bytea
) language plpgsql stable set enable_seqscan = off as $$
begin
    if command_id is not null then
        return query select null::text, null::bigint, null::text, null::bytea,
            c.position, c.recorded_at, c.content_hash, c.answer
        from ledger.commands c where c.id = command_id;
    end if;
    for i in 1..cardinality(streams) loop
        return query select l.originator_id, l.originator_version, l.topic, l.state,
            null::bigint, null::timestamptz, null::bytea, null::bytea
        from ledger.log l where l.originator_id = streams[i] and l.originator_version > versions[i]
        order by l.originator_version;
    end loop;
end $$;

-- The last position recorded at or before an instant. Positions have no gaps and times never fall along them,
-- so halving finds it without an index that every append would have to keep.
create function ledger.position_at(instant timestamptz) returns bigint
language plpgsql stable set enable_seqscan = off as $$
declare
    low  bigint := 0;
    high bigint;
    mid  bigint;
begin
    select coalesce(max(notification_id), 0) into high from ledger.log;
    while low < high loop
        mid := (low + high + 1) / 2;
        if (select recorded_at from ledger.log where notification_id = mid) <= instant then
            low := mid;
        else
            high := mid - 1;
        end if;
    end loop;
    return low;
end $$;
