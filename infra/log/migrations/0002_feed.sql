-- Under which name of the ledger the facts from a position on are published: a restored database goes on under a new
-- one, since it gives positions a second time. The first name is `ledger.head.ledger_id`.
create table ledger.incarnations (
    from_position bigint      primary key,
    name          text        not null unique,
    accepted_at   timestamptz not null default now()
);

-- What a request was refused with; what was done has its answer in `ledger.commands`.
create table ledger.refused_requests (
    id           text        primary key,
    content_hash bytea       not null,
    reply        bytea       not null,
    refused_at   timestamptz not null default now()
);

-- How far a view that is kept from the feed has read each partition, moved with the rows it made.
create table ledger.feed_offsets (
    view        text   not null,
    topic       text   not null,
    partition   integer not null,
    next_offset bigint not null,
    position    bigint not null,
    facts       bigint not null,
    primary key (view, topic, partition)
);
