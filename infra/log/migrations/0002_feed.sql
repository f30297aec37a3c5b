-- Under which names of the ledger its facts are published (infra/log/incarnations.py); no rows while it has had but one.
create table ledger.incarnations (
    name           text        primary key,
    first_position bigint      not null,
    last_position  bigint      not null,
    accepted_at    timestamptz not null default now()
);

-- What a request was refused with; what was done has its answer in `ledger.commands`.
create table ledger.refused_requests (
    id           text        primary key,
    content_hash bytea       not null,
    reply        bytea       not null,
    refused_at   timestamptz not null default now()
);

-- How far each partition of the feed was read into this database, moved with the rows that its facts made: the message
-- read last had `last_position`, the highest applied was `position`, and `facts` were applied in all.
create table ledger.feed_offsets (
    topic         text    not null,
    partition     integer not null,
    next_offset   bigint  not null,
    last_position bigint  not null,
    position      bigint  not null,
    facts         bigint  not null,
    primary key (topic, partition)
) with (fillfactor = 50);

-- Which positions were applied beyond those up to which all were (ledger.positions): bit b of block n stands for
-- position 1024 * n + b + 1. A block that is all ones goes once all before it are.
create table ledger.feed_applied (
    block     bigint    primary key,
    positions bit(1024) not null
) with (fillfactor = 50);
