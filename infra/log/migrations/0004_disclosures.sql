-- Keys that belong to no one customer, encrypted under the master key as those of customers are. `fingerprint` is the
-- known ciphertext: a file that does not open it holds another ledger's key.
create table ledger.shared_keys (
    name       text        primary key,
    wrapped    bytea       not null,
    wrapped_at timestamptz not null
);

-- Who was shown personal data, of whom and through what; `subjects` are customers, and receipts whose payer is unknown.
create table ledger.disclosures (
    id       bigint      generated always as identity primary key,
    at       timestamptz not null,
    actor    text        not null,
    purpose  text        not null,
    data     text[]      not null,
    subjects text[]      not null
);
create index disclosures_subjects on ledger.disclosures using gin (subjects);
