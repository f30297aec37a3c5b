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
